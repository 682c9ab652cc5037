import { flowise, validated } from "@/lib/api/http/flowise";
import { component } from "@/lib/api/wire/flowise/kinds";
import { oneComponent } from "@/lib/api/wire/flowise/operations/components";
import { ownKindForms } from "@/lib/own-kinds";
import { Refusal } from "@/lib/platform/refusal";
import { isOwnKindId } from "@/lib/providers/own-id";

/** One schema; several names joined by & answer a list. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = flowise(oneComponent, {
  GET: async ({ actor, params }) => {
    const names = (params.name ?? "").split(/&amp;|&/).slice(0, 200);
    const own = names.some(isOwnKindId) ? await ownKindForms(actor) : [];
    const found = names.map((name) => known(name.slice(0, 100), own));
    return validated(names.length > 1 ? found : found[0]);
  },
});

function known(name: string, own: Parameters<typeof component>[1]) {
  const found = component(name, own);
  if (found) return found;
  const service = "componentsCredentialsService.getSingleComponentsCredential";
  throw new Refusal("not_found", `Error: ${service} - Credential ${name} not found`);
}
