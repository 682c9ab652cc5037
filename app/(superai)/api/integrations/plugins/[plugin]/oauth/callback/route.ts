import { publicAddress } from "@/lib/api/http/public-address";
import { noHead } from "@/lib/api/http/route";
import { superai } from "@/lib/api/http/superai";
import { legacyPluginCallback } from "@/lib/api/wire/superai/operations/sign-in";
import { endSignIn } from "../../../../../sign-in";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = superai.public(legacyPluginCallback, {
  ...noHead,
  GET: (call) => endSignIn(call, publicAddress(`/api/integrations/plugins/${call.params.plugin}/oauth/callback`)),
});
