import { credentialInQuery } from "@/app/(superai)/api/credential-in-path";
import { noHead } from "@/lib/api/http/route";
import { callbackOf } from "@/lib/api/http/sign-in-browser";
import { superai } from "@/lib/api/http/superai";
import { authorize } from "@/lib/api/wire/superai/operations/sign-in";
import { signInRequest } from "@/lib/api/wire/superai/sign-in";
import { beginSignIn } from "../../../sign-in";

/** Begins a sign-in at Google, Microsoft or SharePoint: for a new credential, or to reconnect one, which keeps its id. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = superai(authorize, {
  ...noHead,
  GET: async (call) => {
    const { provider = "" } = call.params;
    const { for: subject, ...request } = signInRequest(provider, call.query);
    const named = "id" in subject ? { id: await credentialInQuery(call.actor, subject.id) } : subject;
    return beginSignIn(call, { ...request, for: named }, callbackOf(provider));
  },
});
