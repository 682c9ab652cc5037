import { superai } from "@/lib/api/http/superai";
import { newStream, stream, streamAnswer } from "@/lib/api/wire/superai/audit-streams";
import { streams } from "@/lib/api/wire/superai/operations/audit-streams";
import { createStream, listStreams } from "@/lib/audit-streams";

/** The receivers of the organisation's audit log. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = superai(streams, {
  GET: async ({ actor }) => ({ status: 200, body: (await listStreams(actor)).map(stream) }),
  POST: async ({ actor, json }) => streamAnswer(201, await createStream(actor, newStream(await json()))),
});
