import { superai } from "@/lib/http/superai";
import { revokeToken, updateToken } from "@/lib/tokens";
import { oneApiKey } from "@/lib/wire/superai/operations/service-accounts";
import { apiKey } from "@/lib/wire/superai/present";
import { apiKeyChange, idInPath } from "@/lib/wire/superai/read";

const ownerOf = (id: string | undefined) => ({ kind: "service_account", id: idInPath(id, "service account") }) as const;

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = superai(oneApiKey, {
  PATCH: async ({ actor, params, json }) => {
    const change = apiKeyChange(await json());
    const view = await updateToken(actor, idInPath(params.key_id, "API key"), change, ownerOf(params.account_id));
    return { status: 200, body: apiKey(view, actor.orgId) };
  },
  DELETE: async ({ actor, params }) => {
    await revokeToken(actor, idInPath(params.key_id, "API key"), ownerOf(params.account_id));
    return { status: 204 };
  },
});
