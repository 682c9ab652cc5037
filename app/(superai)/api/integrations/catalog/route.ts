import { superai } from "@/lib/api/http/superai";
import { catalog as resource } from "@/lib/api/wire/superai/operations/plugins";
import { catalogEntry } from "@/lib/api/wire/superai/present";
import { catalog } from "@/lib/credentials";

/** What can be connected, from the providers themselves. The same for everybody who is signed in. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = superai(resource, {
  GET: async ({ actor }) => ({ status: 200, body: (await catalog(actor)).map(catalogEntry) }),
});
