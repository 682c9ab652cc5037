import { publicAddress } from "@/lib/api/http/public-address";
import { superai } from "@/lib/api/http/superai";
import { pluginAuthorize } from "@/lib/api/wire/superai/operations/sign-in";
import { pluginSignIn } from "@/lib/api/wire/superai/sign-in";
import { beginSignIn } from "../../../../sign-in";
import { pluginOf } from "../../../plugin-of";

/** Begins a sign-in for a plugin; each way to sign in comes back to an address of its own. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = superai(pluginAuthorize, {
  POST: async (call) => {
    const plugin = await pluginOf(call);
    const request = pluginSignIn(plugin, await call.json());
    return beginSignIn(call, request, publicAddress(`/api/plugins/${plugin.id}/${request.way}/oauth/callback`));
  },
});
