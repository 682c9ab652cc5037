import { superai } from "@/lib/api/http/superai";
import { kindAnswer, kindText, writtenKind } from "@/lib/api/wire/superai/kinds";
import { oneKind } from "@/lib/api/wire/superai/operations/kinds";
import { deleteKind, getKind, updateKind } from "@/lib/own-kinds";
import { entityTag, versionsIn } from "@/lib/platform/expected-version";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = superai(oneKind, {
  GET: async ({ actor, params }) => {
    const view = await getKind(actor, params.kind_id ?? "");
    return { status: 200, body: writtenKind(view), headers: { ETag: entityTag(view) } };
  },
  PUT: async ({ actor, params, headers, json }) => {
    const change = { text: kindText(await json()), expectedVersion: versionsIn(headers.get("if-match")) };
    return kindAnswer(200, await updateKind(actor, params.kind_id ?? "", change));
  },
  DELETE: async ({ actor, params, headers }) => {
    await deleteKind(actor, params.kind_id ?? "", versionsIn(headers.get("if-match")));
    return { status: 204 };
  },
});
