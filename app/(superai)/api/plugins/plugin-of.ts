import type { Call } from "@/lib/api/http/call";
import { pluginInPath } from "@/lib/api/wire/superai/plugins";
import { ownKindForm } from "@/lib/own-kinds";
import type { Provider } from "@/lib/providers/define";
import { providerOfForm } from "@/lib/providers/index";
import { isOwnKindId } from "@/lib/providers/own-id";

/** The plugin that a path names: the catalogue's, or one that the caller's organisation has made. @throws Refusal "not_found" */
export async function pluginOf({ actor, params }: Pick<Call, "actor" | "params">): Promise<Provider> {
  const id = (params.plugin ?? "").toLowerCase();
  const own = isOwnKindId(id) ? await ownKindForm(actor, id) : undefined;
  return pluginInPath(params.plugin, own && providerOfForm(own));
}
