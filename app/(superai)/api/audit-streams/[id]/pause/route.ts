import { superai } from "@/lib/api/http/superai";
import { streamAnswer } from "@/lib/api/wire/superai/audit-streams";
import { streamPause } from "@/lib/api/wire/superai/operations/audit-streams";
import { pauseStream } from "@/lib/audit-streams";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = superai(streamPause, {
  POST: async ({ actor, params }) => streamAnswer(200, await pauseStream(actor, params.id ?? "")),
});
