import { superai } from "@/lib/api/http/superai";
import { streamAnswer } from "@/lib/api/wire/superai/audit-streams";
import { streamResumption } from "@/lib/api/wire/superai/operations/audit-streams";
import { resumeStream } from "@/lib/audit-streams";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = superai(streamResumption, {
  POST: async ({ actor, params }) => streamAnswer(200, await resumeStream(actor, params.id ?? "")),
});
