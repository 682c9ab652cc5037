import { superai } from "@/lib/api/http/superai";
import { plugins } from "@/lib/api/wire/superai/operations/plugins";
import { plugin } from "@/lib/api/wire/superai/plugins";
import { catalog } from "@/lib/credentials";

/** Every plugin that there can be credentials for. The same for everybody who is signed in. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = superai(plugins, {
  GET: async ({ actor }) => ({ status: 200, body: (await catalog(actor)).map(plugin) }),
});
