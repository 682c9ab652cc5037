import { flowise } from "@/lib/http/flowise";
import { loginMethod } from "@/lib/wire/flowise/operations/session";

/** No other ways to sign in. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = flowise.open(loginMethod, {
  GET: async () => ({ status: 200, body: {} }),
});
