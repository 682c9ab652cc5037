import { flowise, validated } from "@/lib/api/http/flowise";
import { components } from "@/lib/api/wire/flowise/kinds";
import { components as resource } from "@/lib/api/wire/flowise/operations/components";
import { ownKindForms } from "@/lib/own-kinds";

/** The schema of every kind that the caller's organisation knows, for whoever is known. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = flowise(resource, {
  GET: async ({ actor }) => validated(components(await ownKindForms(actor))),
});
