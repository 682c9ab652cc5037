import { publicAddress } from "@/lib/api/http/public-address";
import { superai } from "@/lib/api/http/superai";
import { legacyPluginAuthorize } from "@/lib/api/wire/superai/operations/sign-in";
import { legacyPluginSignIn } from "@/lib/api/wire/superai/sign-in";
import { pluginOf } from "../../../../../plugins/plugin-of";
import { beginSignIn } from "../../../../../sign-in";

/** The older form of the plugins' sign-in, which names no way. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = superai(legacyPluginAuthorize, {
  POST: async (call) => {
    const plugin = await pluginOf(call);
    const request = legacyPluginSignIn(plugin, await call.json());
    return beginSignIn(call, request, publicAddress(`/api/integrations/plugins/${plugin.id}/oauth/callback`));
  },
});
