import { createCredential, listCredentials } from "@/lib/credentials";
import { bodyOf, conditional, flowise } from "@/lib/http/flowise";
import { idempotent } from "@/lib/http/idempotent";
import { reference } from "@/lib/http/opaque-reference";
import { Refusal } from "@/lib/refusal";
import { kindOf, providerOfKind } from "@/lib/wire/flowise/kinds";
import { item, row } from "@/lib/wire/flowise/present";
import { kindsAskedFor, newCredential, ofForm } from "@/lib/wire/flowise/read";
import { everyPage } from "./every-page";

const withoutId = (what: string) => async (): Promise<never> => {
  throw new Refusal("version_mismatch", `Error: credentialsController.${what} - id not provided!`);
};

/** All credentials that the caller may see, oldest first; narrowed to kinds, in the order the kinds are asked for. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = flowise("/credentials", {
  GET: async (call) => {
    const kinds = kindsAskedFor(call.query);
    const providers = kinds && [...new Set(kinds.map((kind) => providerOfKind(kind).provider))];
    const found = await everyPage((cursor) =>
      listCredentials(call.actor, { sort: "created_at", limit: 1_000, cursor, providers }),
    );
    const chosen = kinds ? kinds.flatMap((kind) => found.filter((view) => kindOf(view) === kind)) : found;
    return conditional(
      call,
      chosen.map((view) => item(view, call.actor.orgId)),
    );
  },
  POST: async (call) => {
    const input = newCredential(await bodyOf(call, ofForm));
    return idempotent(call, async (reservedId) => {
      const view = await createCredential(call.actor, { ...input, reservedId });
      return { status: 200, body: row(view, call.actor.orgId, reference(view)) };
    });
  },
  PUT: withoutId("updateCredential"),
  DELETE: withoutId("deleteCredentials"),
});
