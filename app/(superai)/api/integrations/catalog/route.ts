import { authorize } from "@/lib/access/authorize";
import { superai } from "@/lib/http/superai";
import { providers } from "@/lib/providers/index";
import { catalogEntry } from "@/lib/wire/superai/present";

/** What can be connected, from the providers themselves. The same for everybody who is signed in. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = superai("/integrations/catalog", {
  GET: async ({ actor }) => {
    authorize(actor, "catalog:read");
    return { status: 200, body: providers().map(catalogEntry) };
  },
});
