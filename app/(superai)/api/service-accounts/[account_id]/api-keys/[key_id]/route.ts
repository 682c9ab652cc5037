import { superai } from "@/lib/api/http/superai";
import { oneApiKey } from "@/lib/api/wire/superai/operations/service-accounts";
import { apiKey } from "@/lib/api/wire/superai/present";
import { apiKeyChange, idInPath } from "@/lib/api/wire/superai/read";
import { revokeToken, updateToken } from "@/lib/identity/tokens";

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
