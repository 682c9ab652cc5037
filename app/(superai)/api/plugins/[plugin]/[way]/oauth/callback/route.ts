import { publicAddress } from "@/lib/api/http/public-address";
import { noHead } from "@/lib/api/http/route";
import { superai } from "@/lib/api/http/superai";
import { pluginCallback } from "@/lib/api/wire/superai/operations/sign-in";
import { endSignIn } from "../../../../../sign-in";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = superai.public(pluginCallback, {
  ...noHead,
  GET: (call) => endSignIn(call, publicAddress(`/api/plugins/${call.params.plugin}/${call.params.way}/oauth/callback`)),
});
