import { superai } from "@/lib/http/superai";
import { listInstances } from "@/lib/plugin-instances";
import { instance, instanceQuery } from "@/lib/wire/superai/plugin-instances";

/** The register of uses, of all plugins. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = superai("/plugins/instances", {
  GET: async ({ actor, query }) => {
    const views = await listInstances(actor, instanceQuery(query));
    return { status: 200, body: views.map(instance) };
  },
});
