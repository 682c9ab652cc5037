import type { Call } from "@/lib/api/http/call";
import { superai } from "@/lib/api/http/superai";
import { oneInstance } from "@/lib/api/wire/superai/operations/plugins";
import { instance, instanceChange } from "@/lib/api/wire/superai/plugin-instances";
import { idInPath } from "@/lib/api/wire/superai/read";
import { deleteInstance, getInstance, updateInstance } from "@/lib/plugin-instances";
import { pluginOf } from "../../../plugin-of";

const named = async (call: Call) =>
  [(await pluginOf(call)).id, idInPath(call.params.integration_id, "integration")] as const;

/** PUT changes what is sent; what is left out stays. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = superai(oneInstance, {
  GET: async (call) => ({ status: 200, body: instance(await getInstance(call.actor, ...(await named(call)))) }),
  PUT: async (call) => {
    const view = await updateInstance(call.actor, ...(await named(call)), instanceChange(await call.json()));
    return { status: 200, body: instance(view) };
  },
  DELETE: async (call) => {
    await deleteInstance(call.actor, ...(await named(call)));
    return { status: 204 };
  },
});
