import { superai } from "@/lib/api/http/superai";
import { changeOfStream, streamAnswer } from "@/lib/api/wire/superai/audit-streams";
import { oneStream } from "@/lib/api/wire/superai/operations/audit-streams";
import { deleteStream, getStream, updateStream } from "@/lib/audit-streams";
import { versionsIn } from "@/lib/platform/expected-version";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = superai(oneStream, {
  GET: async ({ actor, params }) => streamAnswer(200, await getStream(actor, params.id ?? "")),
  PATCH: async ({ actor, params, headers, json }) => {
    const change = changeOfStream(await json(), headers.get("if-match"));
    return streamAnswer(200, await updateStream(actor, params.id ?? "", change));
  },
  DELETE: async ({ actor, params, headers }) => {
    await deleteStream(actor, params.id ?? "", versionsIn(headers.get("if-match")));
    return { status: 204 };
  },
});
