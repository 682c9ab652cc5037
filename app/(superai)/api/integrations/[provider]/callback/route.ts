import { noHead } from "@/lib/http/route";
import { callbackOf } from "@/lib/http/sign-in-browser";
import { superai } from "@/lib/http/superai";
import { signInCallback } from "@/lib/wire/superai/operations/sign-in";
import { endSignIn } from "../../../sign-in";

/** Where a provider sends the browser back to. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = superai.open(signInCallback, {
  ...noHead,
  GET: (call) => endSignIn(call, callbackOf(call.params.provider ?? "")),
});
