import { flowise, validated } from "@/lib/http/flowise";
import { components } from "@/lib/wire/flowise/kinds";

/** The schema of every kind, for whoever is known. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = flowise("/components-credentials", {
  GET: async () => validated(components()),
});
