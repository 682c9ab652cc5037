import { flowise } from "@/lib/api/http/flowise";
import { browserCookie } from "@/lib/api/http/flowise-session";
import { authorize } from "@/lib/api/wire/flowise/operations/session";
import { startAuthorization } from "@/lib/credentials";
import { callbackAddress } from "../../callback-address";
import { idOf, plainly } from "../../known";

/** Begins a sign-in for a stored OAuth2 credential. The cookie ties it to this browser. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = flowise(authorize, {
  POST: ({ actor, params }) =>
    plainly(async () => {
      const id = await idOf(actor, params.id);
      const redirectUri = callbackAddress();
      const started = await startAuthorization(actor, { for: { id }, redirectUri });
      const body = {
        success: true as const,
        message: "Authorization URL generated successfully",
        credentialId: params.id ?? "",
        authorizationUrl: started.url,
        redirectUri,
      };
      return { status: 200 as const, body, headers: { "Set-Cookie": browserCookie(started.browserKey) } };
    }),
});
