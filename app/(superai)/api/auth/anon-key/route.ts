import { superai } from "@/lib/http/superai";
import { anonKey } from "@/lib/people";
import { anonymousKey } from "@/lib/wire/superai/operations/sign-in";

/** Asked before anybody has signed in; the constant is no secret. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = superai.open(anonymousKey, {
  GET: async () => ({ status: 200, body: { anon_key: anonKey() } }),
});
