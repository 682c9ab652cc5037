import { createCredential } from "@/lib/credentials";
import { bodyOf, flowise, requireBody, wholeList } from "@/lib/http/flowise";
import { idempotent } from "@/lib/http/idempotent";
import { reference } from "@/lib/http/opaque-reference";
import { Refusal } from "@/lib/refusal";
import { credentials } from "@/lib/wire/flowise/operations/credentials";
import { row } from "@/lib/wire/flowise/present";
import { kindsAskedFor, newCredential, ofForm } from "@/lib/wire/flowise/read";
import { chosenPages } from "./chosen-pages";

const withoutId = (what: string) => async (): Promise<never> => {
  throw new Refusal("version_mismatch", `Error: credentialsController.${what} - id not provided!`);
};

/** All credentials that the caller may see, oldest first; narrowed to kinds, in the order the kinds are asked for. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = flowise(credentials, {
  GET: async (call) => wholeList(chosenPages(call.actor, kindsAskedFor(call.query))),
  POST: async (call) => {
    await requireBody(call, "createCredential");
    const input = newCredential(await bodyOf(call, ofForm));
    return idempotent(call, async (reservedId) => {
      const view = await createCredential(call.actor, { ...input, reservedId });
      return { status: 200, body: row(view, call.actor.orgId, reference(view)) };
    });
  },
  PUT: withoutId("updateCredential"),
  DELETE: withoutId("deleteCredentials"),
});
