import { flowise } from "@/lib/http/flowise";

/** Where its pages go: the first organisation is made in the console. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = flowise.open("/auth/resolve", {
  POST: async () => ({ status: 200, body: { redirectUrl: "/signin" } }),
});
