import { takeAway } from "@/lib/access";
import { superai } from "@/lib/api/http/superai";
import { oneGrant } from "@/lib/api/wire/superai/operations/access";
import { idInPath } from "@/lib/api/wire/superai/read";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = superai(oneGrant, {
  DELETE: async ({ actor, params }) => {
    await takeAway(actor, idInPath(params.grant_id, "grant"));
    return { status: 204 };
  },
});
