import { publicAddress } from "@/lib/http/public-address";
import { noHead } from "@/lib/http/route";
import { superai } from "@/lib/http/superai";
import { pluginCallback } from "@/lib/wire/superai/operations/sign-in";
import { endSignIn } from "../../../../../sign-in";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = superai.open(pluginCallback, {
  ...noHead,
  GET: (call) => endSignIn(call, publicAddress(`/api/plugins/${call.params.plugin}/${call.params.way}/oauth/callback`)),
});
