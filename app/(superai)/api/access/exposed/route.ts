import { blastRadius } from "@/lib/access";
import { superai } from "@/lib/api/http/superai";
import { blastQuery, exposedCredential } from "@/lib/api/wire/superai/access";
import { exposedCredentials } from "@/lib/api/wire/superai/operations/access";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = superai(exposedCredentials, {
  GET: async ({ actor, query }) => ({
    status: 200,
    body: (await blastRadius(actor, blastQuery(query))).map(exposedCredential),
  }),
});
