import { flowise } from "@/lib/api/http/flowise";
import { platform } from "@/lib/api/wire/flowise/operations/session";

/** What Flowise's pages ask first. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = flowise.public(platform, {
  GET: async () => ({ status: 200, body: { PLATFORM_TYPE: "open source" } }),
});
