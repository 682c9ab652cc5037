import { z } from "zod";
import { jsonMutation } from "@/lib/api/http/json-endpoints";
import { ownPath } from "@/lib/api/http/public-address";
import { browserCookie, callbackFor } from "@/lib/api/http/sign-in-browser";
import { getCredential, startAuthorization } from "@/lib/credentials";
import { credentialTypes } from "@/lib/providers/define";
import { methodOfStored } from "@/lib/providers/index";

const common = {
  scopes: z.array(z.string().max(300)).max(100).optional(),
  /** Without a window of its own, the sign-in ends on this page. */
  returnTo: z.string().max(2_000).optional(),
};
const SignInInput = z.union([
  z.strictObject({ id: z.string(), ...common }),
  z.strictObject({
    provider: z.string().max(100),
    type: z.enum(credentialTypes),
    name: z.string().max(1_000).optional(),
    tags: z.array(z.string().max(200)).max(100).optional(),
    ...common,
  }),
]);

/** Begins a sign-in at a provider for the browser that asks. */
export const POST = jsonMutation(SignInInput, async (actor, { scopes, returnTo, ...subject }) => {
  const { provider, type } = "id" in subject ? await getCredential(actor, subject.id) : subject;
  const authorization = methodOfStored(provider, type)?.authorization;
  const redirectUri = callbackFor(provider, authorization ?? { client: "none" });
  const path = returnTo === undefined ? undefined : ownPath(returnTo);
  const { id, url, browserKey } = await startAuthorization(actor, {
    for: subject,
    scopes,
    redirectUri,
    returnTo: path,
  });
  return { body: { id, url }, headers: { "Set-Cookie": browserCookie(browserKey) } };
});
