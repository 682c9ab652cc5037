import { flowise, validated } from "@/lib/http/flowise";
import { Refusal } from "@/lib/refusal";
import { component } from "@/lib/wire/flowise/kinds";
import { oneComponent } from "@/lib/wire/flowise/operations/components";

/** One schema; several names joined by & answer a list. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = flowise(oneComponent, {
  GET: async ({ params }) => {
    const names = (params.name ?? "").split(/&amp;|&/).slice(0, 200);
    const found = names.map((name) => known(name.slice(0, 100)));
    return validated(names.length > 1 ? found : found[0]);
  },
});

function known(name: string) {
  const found = component(name);
  if (found) return found;
  const service = "componentsCredentialsService.getSingleComponentsCredential";
  throw new Refusal("not_found", `Error: ${service} - Credential ${name} not found`);
}
