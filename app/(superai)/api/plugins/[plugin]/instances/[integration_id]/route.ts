import { superai } from "@/lib/api/http/superai";
import { oneInstance } from "@/lib/api/wire/superai/operations/plugins";
import { instance, instanceChange } from "@/lib/api/wire/superai/plugin-instances";
import { pluginInPath } from "@/lib/api/wire/superai/plugins";
import { idInPath } from "@/lib/api/wire/superai/read";
import { deleteInstance, getInstance, updateInstance } from "@/lib/plugin-instances";

const named = ({ plugin, integration_id }: Record<string, string>) =>
  [pluginInPath(plugin).id, idInPath(integration_id, "integration")] as const;

/** PUT changes what is sent; what is left out stays. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = superai(oneInstance, {
  GET: async ({ actor, params }) => ({ status: 200, body: instance(await getInstance(actor, ...named(params))) }),
  PUT: async ({ actor, params, json }) => {
    const view = await updateInstance(actor, ...named(params), instanceChange(await json()));
    return { status: 200, body: instance(view) };
  },
  DELETE: async ({ actor, params }) => {
    await deleteInstance(actor, ...named(params));
    return { status: 204 };
  },
});
