import { flowise } from "@/lib/http/flowise";

/** The version whose contract this door speaks. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = flowise.open("/version", {
  GET: async () => ({ status: 200, body: { version: "3.1.4" } }),
});
