import { idempotent } from "@/lib/api/http/idempotent";
import { superai } from "@/lib/api/http/superai";
import { instancesOfPlugin } from "@/lib/api/wire/superai/operations/plugins";
import { instance, newInstance } from "@/lib/api/wire/superai/plugin-instances";
import { listInstances, registerInstance } from "@/lib/plugin-instances";
import { pluginOf } from "../../plugin-of";
import { usesAsked } from "../../uses-asked";

/** The register of uses, of one plugin. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = superai(instancesOfPlugin, {
  GET: async (call) => {
    const { id: plugin } = await pluginOf(call);
    const views = await listInstances(call.actor, { plugin, ...(await usesAsked(call)) });
    return { status: 200, body: views.map(instance) };
  },
  POST: async (call) => {
    const { id: plugin } = await pluginOf(call);
    const input = newInstance(await call.json());
    return idempotent(call, async (reservedId) => {
      const view = await registerInstance(call.actor, { ...input, plugin, reservedId });
      return { status: 201, body: instance(view) };
    });
  },
});
