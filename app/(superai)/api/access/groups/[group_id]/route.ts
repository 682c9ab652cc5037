import { deleteGroup, getGroup, updateGroup } from "@/lib/access";
import { superai } from "@/lib/api/http/superai";
import { group, groupChange, groupWithMembers } from "@/lib/api/wire/superai/access";
import { oneGroup } from "@/lib/api/wire/superai/operations/access";
import { idInPath } from "@/lib/api/wire/superai/read";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = superai(oneGroup, {
  GET: async ({ actor, params }) => {
    const view = await getGroup(actor, idInPath(params.group_id, "group"));
    return { status: 200, body: groupWithMembers(view) };
  },
  PATCH: async ({ actor, params, json }) => {
    const view = await updateGroup(actor, idInPath(params.group_id, "group"), groupChange(await json()));
    return { status: 200, body: group(view) };
  },
  DELETE: async ({ actor, params }) => {
    await deleteGroup(actor, idInPath(params.group_id, "group"));
    return { status: 204 };
  },
});
