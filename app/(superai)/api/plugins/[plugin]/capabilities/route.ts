import { superai } from "@/lib/api/http/superai";
import { pluginCapabilities } from "@/lib/api/wire/superai/operations/plugins";
import { capabilities, pluginInPath } from "@/lib/api/wire/superai/plugins";
import { catalog } from "@/lib/credentials";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = superai(pluginCapabilities, {
  GET: async ({ actor, params }) => {
    await catalog(actor);
    return { status: 200, body: capabilities(pluginInPath(params.plugin)) };
  },
});
