import { credentialInQuery } from "@/app/(superai)/api/credential-in-path";
import type { Call } from "@/lib/api/http/call";
import { superai } from "@/lib/api/http/superai";
import { folders } from "@/lib/api/wire/superai/operations/plugins";
import { pageHeaders } from "@/lib/api/wire/superai/paging";
import { driveFolder, driveFoldersAsked, foldersAsked, place } from "@/lib/api/wire/superai/places";
import { pluginInPath, requirePlugin } from "@/lib/api/wire/superai/plugins";
import { listDriveFolders, listPlaces } from "@/lib/credentials";

/** Each plugin's folders lie in places of its own. */
const ofSharePoint = async ({ actor, query: sent }: Call) => {
  const { id, query, options } = foldersAsked(sent);
  const { items, next } = await listPlaces(actor, await credentialInQuery(actor, id), query, options);
  return { status: 200 as const, body: items.map(place), headers: pageHeaders(sent, next) };
};

const ofGoogleDrive = async ({ actor, query: sent }: Call) => {
  const { id, parent, options } = driveFoldersAsked(sent);
  const { items, next } = await listDriveFolders(actor, await credentialInQuery(actor, id), parent, options);
  return { status: 200 as const, body: items.map(driveFolder), headers: pageHeaders(sent, next) };
};

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = superai(folders, {
  GET: (call) => {
    if (pluginInPath(call.params.plugin).id === "google") return ofGoogleDrive(call);
    requirePlugin(call.params.plugin, "sharepoint");
    return ofSharePoint(call);
  },
});
