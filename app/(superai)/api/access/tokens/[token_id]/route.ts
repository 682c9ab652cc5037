import { accessOfToken } from "@/lib/access";
import { superai } from "@/lib/api/http/superai";
import { tokenAccess } from "@/lib/api/wire/superai/access";
import { accessOfToken as resource } from "@/lib/api/wire/superai/operations/access";
import { idInPath } from "@/lib/api/wire/superai/read";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = superai(resource, {
  GET: async ({ actor, params }) => ({
    status: 200,
    body: tokenAccess(await accessOfToken(actor, idInPath(params.token_id, "token"))),
  }),
});
