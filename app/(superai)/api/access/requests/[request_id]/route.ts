import { withdrawRequest } from "@/lib/access";
import { superai } from "@/lib/api/http/superai";
import { accessRequest } from "@/lib/api/wire/superai/access";
import { oneAccessRequest } from "@/lib/api/wire/superai/operations/access";
import { idInPath } from "@/lib/api/wire/superai/read";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = superai(oneAccessRequest, {
  DELETE: async ({ actor, params }) => {
    const view = await withdrawRequest(actor, idInPath(params.request_id, "request"));
    return { status: 200, body: accessRequest(view) };
  },
});
