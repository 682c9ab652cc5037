import { superai } from "@/lib/api/http/superai";
import { anonymousKey } from "@/lib/api/wire/superai/operations/sign-in";
import { anonKey } from "@/lib/identity";

/** Asked before anybody has signed in; the constant is no secret. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = superai.public(anonymousKey, {
  GET: async () => ({ status: 200, body: { anon_key: anonKey() } }),
});
