import { superai } from "@/lib/api/http/superai";
import { kindsInPath } from "@/lib/api/wire/superai/file-storage";
import { credentialsOfProvider } from "@/lib/api/wire/superai/operations/credentials";
import { pageHeaders } from "@/lib/api/wire/superai/paging";
import { credential } from "@/lib/api/wire/superai/present";
import { credentialQuery, unknownProvider } from "@/lib/api/wire/superai/read";
import { kindsNamed, listCredentials } from "@/lib/credentials";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = superai(credentialsOfProvider, {
  GET: async ({ actor, params, query }) => {
    const kinds = kindsInPath(params.provider) ?? (await kindsNamed(actor, params.provider ?? ""));
    if (kinds.length === 0) throw unknownProvider();
    // One kind alone is read in the order of its index.
    const kind = kinds.length === 1 ? { provider: kinds[0] } : { provider: undefined, providers: kinds };
    const page = await listCredentials(actor, {
      ...credentialQuery(query),
      ...kind,
      ownOnly: actor.kind === "user",
    });
    return { status: 200, body: page.items.map(credential), headers: pageHeaders(query, page.next) };
  },
});
