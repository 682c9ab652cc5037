import { flowise } from "@/lib/api/http/flowise";
import { ping } from "@/lib/api/wire/flowise/operations/session";

/** Somebody is there. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = flowise.public(ping, {
  GET: async () => ({ status: 200, text: "pong", headers: { "Content-Type": "text/plain" } }),
});
