import { flowise } from "@/lib/http/flowise";

/** What Flowise's pages ask first. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = flowise.open("/settings", {
  GET: async () => ({ status: 200, body: { PLATFORM_TYPE: "open source" } }),
});
