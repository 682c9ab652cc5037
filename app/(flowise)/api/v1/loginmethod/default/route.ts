import { flowise } from "@/lib/http/flowise";

/** No other ways to sign in. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = flowise.open("/loginmethod/default", {
  GET: async () => ({ status: 200, body: {} }),
});
