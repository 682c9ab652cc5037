import { superai } from "@/lib/api/http/superai";
import { instances } from "@/lib/api/wire/superai/operations/plugins";
import { instance } from "@/lib/api/wire/superai/plugin-instances";
import { listInstances } from "@/lib/plugin-instances";
import { usesAsked } from "../uses-asked";

/** The register of uses, of all plugins. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = superai(instances, {
  GET: async (call) => {
    const views = await listInstances(call.actor, await usesAsked(call));
    return { status: 200, body: views.map(instance) };
  },
});
