import { listDriveFolders } from "@/lib/credentials";
import { superai } from "@/lib/http/superai";
import { pageHeaders } from "@/lib/wire/superai/paging";
import { driveFolder, driveFoldersAsked } from "@/lib/wire/superai/places";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = superai("/integrations/plugins/google/folders", {
  GET: async ({ actor, query: sent }) => {
    const { id, parent, options } = driveFoldersAsked(sent);
    const { items, next } = await listDriveFolders(actor, id, parent, options);
    return { status: 200, body: items.map(driveFolder), headers: pageHeaders(sent, next) };
  },
});
