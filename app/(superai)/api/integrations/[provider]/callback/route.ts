import { noHead } from "@/lib/api/http/route";
import { callbackOf } from "@/lib/api/http/sign-in-browser";
import { superai } from "@/lib/api/http/superai";
import { signInCallback } from "@/lib/api/wire/superai/operations/sign-in";
import { endSignIn } from "../../../sign-in";

/** Where a provider sends the browser back to. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = superai.public(signInCallback, {
  ...noHead,
  GET: (call) => endSignIn(call, callbackOf(call.params.provider ?? "")),
});
