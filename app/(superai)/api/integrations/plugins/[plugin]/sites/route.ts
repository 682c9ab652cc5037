import { credentialInQuery } from "@/app/(superai)/api/credential-in-path";
import { superai } from "@/lib/api/http/superai";
import { sites } from "@/lib/api/wire/superai/operations/plugins";
import { pageHeaders } from "@/lib/api/wire/superai/paging";
import { place, sitesAsked } from "@/lib/api/wire/superai/places";
import { requirePlugin } from "@/lib/api/wire/superai/plugins";
import { listPlaces } from "@/lib/credentials";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = superai(sites, {
  GET: async ({ actor, params, query: sent }) => {
    requirePlugin(params.plugin, "sharepoint");
    const { id, query, options } = sitesAsked(sent);
    const { items, next } = await listPlaces(actor, await credentialInQuery(actor, id), query, options);
    return { status: 200, body: items.map(place), headers: pageHeaders(sent, next) };
  },
});
