import { publicAddress } from "@/lib/http/public-address";
import { noHead } from "@/lib/http/route";
import { superai } from "@/lib/http/superai";
import { legacyPluginCallback } from "@/lib/wire/superai/operations/sign-in";
import { endSignIn } from "../../../../../sign-in";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = superai.open(legacyPluginCallback, {
  ...noHead,
  GET: (call) => endSignIn(call, publicAddress(`/api/integrations/plugins/${call.params.plugin}/oauth/callback`)),
});
