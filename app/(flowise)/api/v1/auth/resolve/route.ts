import { flowise } from "@/lib/http/flowise";
import { resolve } from "@/lib/wire/flowise/operations/session";

/** Where its pages go: the first organisation is made in the console. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = flowise.open(resolve, {
  POST: async () => ({ status: 200, body: { redirectUrl: "/signin" } }),
});
