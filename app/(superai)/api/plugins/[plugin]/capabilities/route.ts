import { catalog } from "@/lib/credentials";
import { superai } from "@/lib/http/superai";
import { pluginCapabilities } from "@/lib/wire/superai/operations/plugins";
import { capabilities, pluginInPath } from "@/lib/wire/superai/plugins";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = superai(pluginCapabilities, {
  GET: async ({ actor, params }) => {
    await catalog(actor);
    return { status: 200, body: capabilities(pluginInPath(params.plugin)) };
  },
});
