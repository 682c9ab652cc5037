import { listCredentials } from "@/lib/credentials";
import { superai } from "@/lib/http/superai";
import { pageHeaders } from "@/lib/wire/superai/paging";
import { credential } from "@/lib/wire/superai/present";
import { credentialQuery, providerInPath } from "@/lib/wire/superai/read";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = superai(
  "/integrations/credentials/provider/{provider}",
  {
    GET: async ({ actor, params, query }) => {
      const provider = providerInPath(params.provider);
      const page = await listCredentials(actor, {
        ...credentialQuery(query),
        provider,
        ownOnly: actor.kind === "user",
      });
      return { status: 200, body: page.items.map(credential), headers: pageHeaders(query, page.next) };
    },
  },
);
