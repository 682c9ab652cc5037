import { flowise } from "@/lib/api/http/flowise";
import { loginMethod } from "@/lib/api/wire/flowise/operations/session";

/** No other ways to sign in. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = flowise.public(loginMethod, {
  GET: async () => ({ status: 200, body: {} }),
});
