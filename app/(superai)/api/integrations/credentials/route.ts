import { idempotent } from "@/lib/api/http/idempotent";
import { superai } from "@/lib/api/http/superai";
import { credentials } from "@/lib/api/wire/superai/operations/credentials";
import { pageHeaders } from "@/lib/api/wire/superai/paging";
import { credential, credentialAnswer } from "@/lib/api/wire/superai/present";
import { credentialQuery, newCredential } from "@/lib/api/wire/superai/read";
import { createCredential, listCredentials } from "@/lib/credentials";
import { hintsAbout } from "@/lib/providers/hints";

/** A person's own credentials, or all of the organisation's for a service account. People create them. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = superai(credentials, {
  GET: async ({ actor, query }) => {
    const { items, next } = await listCredentials(actor, { ...credentialQuery(query), ownOnly: actor.kind === "user" });
    return { status: 200, body: items.map(credential), headers: pageHeaders(query, next) };
  },
  POST: async (call) => {
    const input = newCredential(await call.json());
    return idempotent(call, async (reservedId) => {
      const view = await createCredential(call.actor, { ...input, reservedId });
      return credentialAnswer(201, view, hintsAbout(input));
    });
  },
});
