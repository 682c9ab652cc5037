import { bodyOf, flowise, requireBody, wholeList } from "@/lib/api/http/flowise";
import { idempotent } from "@/lib/api/http/idempotent";
import { reference } from "@/lib/api/http/opaque-reference";
import { credentials } from "@/lib/api/wire/flowise/operations/credentials";
import { row } from "@/lib/api/wire/flowise/present";
import { kindsAskedFor, newCredential, ofForm } from "@/lib/api/wire/flowise/read";
import { createCredential } from "@/lib/credentials";
import { Refusal } from "@/lib/platform/refusal";
import { ownKindOf } from "../own-kind";
import { chosenPages } from "./chosen-pages";

const withoutId = (what: string) => async (): Promise<never> => {
  throw new Refusal("version_mismatch", `Error: credentialsController.${what} - id not provided!`);
};

/** All credentials that the caller may see, oldest first; narrowed to kinds, in the order the kinds are asked for. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = flowise(credentials, {
  GET: async (call) => wholeList(chosenPages(call.actor, kindsAskedFor(call.query))),
  POST: async (call) => {
    await requireBody(call, "createCredential");
    const input = await newCredential(await bodyOf(call, ofForm), ownKindOf(call.actor));
    return idempotent(call, async (reservedId) => {
      const view = await createCredential(call.actor, { ...input, reservedId });
      return { status: 200, body: row(view, call.actor.orgId, reference(view)) };
    });
  },
  PUT: withoutId("updateCredential"),
  DELETE: withoutId("deleteCredentials"),
});
