import { flowise } from "@/lib/http/flowise";
import { ping } from "@/lib/wire/flowise/operations/session";

/** Somebody is there. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = flowise.open(ping, {
  GET: async () => ({ status: 200, text: "pong", headers: { "Content-Type": "text/plain" } }),
});
