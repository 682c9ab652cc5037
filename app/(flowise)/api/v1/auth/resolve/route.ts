import { flowise } from "@/lib/api/http/flowise";
import { resolve } from "@/lib/api/wire/flowise/operations/session";

/** Where its pages go: the first organisation is made in the console. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = flowise.public(resolve, {
  POST: async () => ({ status: 200, body: { redirectUrl: "/signin" } }),
});
