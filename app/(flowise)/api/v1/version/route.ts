import { flowise } from "@/lib/api/http/flowise";
import { spokenVersion } from "@/lib/api/wire/flowise/operations/session";

/** The version whose contract this door speaks. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = flowise.public(spokenVersion, {
  GET: async () => ({ status: 200, body: { version: "3.1.4" } }),
});
