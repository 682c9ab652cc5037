import { narrowTokenToUsed } from "@/lib/access";
import { superai } from "@/lib/api/http/superai";
import { narrowingOfToken } from "@/lib/api/wire/superai/operations/access";
import { apiKey } from "@/lib/api/wire/superai/present";
import { idInPath } from "@/lib/api/wire/superai/read";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = superai(narrowingOfToken, {
  POST: async ({ actor, params }) => ({
    status: 200,
    body: apiKey(await narrowTokenToUsed(actor, idInPath(params.token_id, "token")), actor.orgId),
  }),
});
