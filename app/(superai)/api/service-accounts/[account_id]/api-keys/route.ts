import { idempotent } from "@/lib/api/http/idempotent";
import { superai } from "@/lib/api/http/superai";
import { apiKeys } from "@/lib/api/wire/superai/operations/service-accounts";
import { apiKey, freshApiKey, withoutToken } from "@/lib/api/wire/superai/present";
import { idInPath, newApiKey, page } from "@/lib/api/wire/superai/read";
import { getServiceAccount, issueToken, listTokens } from "@/lib/identity/tokens";

const ownerOf = (id: string | undefined) => ({ kind: "service_account", id: idInPath(id, "service account") }) as const;

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = superai(apiKeys, {
  GET: async ({ actor, params, query }) => {
    const owner = ownerOf(params.account_id);
    await getServiceAccount(actor, owner.id);
    const views = await listTokens(actor, { owner, ...page(query) });
    return { status: 200, body: views.map((view) => apiKey(view, actor.orgId)) };
  },
  POST: async (call) => {
    const owner = ownerOf(call.params.account_id);
    const input = newApiKey(await call.json());
    const make = async (reservedId: string | undefined) => {
      const { token, view } = await issueToken(call.actor, { ...input, owner, reservedId });
      return { status: 201 as const, body: freshApiKey(view, call.actor.orgId, token) };
    };
    return idempotent(call, make, withoutToken);
  },
});
