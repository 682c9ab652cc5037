import { catalog } from "@/lib/credentials";
import { superai } from "@/lib/http/superai";
import { catalog as resource } from "@/lib/wire/superai/operations/plugins";
import { catalogEntry } from "@/lib/wire/superai/present";

/** What can be connected, from the providers themselves. The same for everybody who is signed in. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = superai(resource, {
  GET: async ({ actor }) => ({ status: 200, body: (await catalog(actor)).map(catalogEntry) }),
});
