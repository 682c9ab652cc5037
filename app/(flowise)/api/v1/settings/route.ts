import { flowise } from "@/lib/http/flowise";
import { platform } from "@/lib/wire/flowise/operations/session";

/** What Flowise's pages ask first. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = flowise.open(platform, {
  GET: async () => ({ status: 200, body: { PLATFORM_TYPE: "open source" } }),
});
