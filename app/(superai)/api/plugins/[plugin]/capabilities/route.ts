import { superai } from "@/lib/api/http/superai";
import { pluginCapabilities } from "@/lib/api/wire/superai/operations/plugins";
import { capabilities } from "@/lib/api/wire/superai/plugins";
import { catalog } from "@/lib/credentials";
import { pluginOf } from "../../plugin-of";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = superai(pluginCapabilities, {
  GET: async (call) => {
    await catalog(call.actor);
    return { status: 200, body: capabilities(await pluginOf(call)) };
  },
});
