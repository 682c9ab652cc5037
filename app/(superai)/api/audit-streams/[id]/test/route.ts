import { superai } from "@/lib/api/http/superai";
import { storedStreamTest } from "@/lib/api/wire/superai/operations/audit-streams";
import { tryStream } from "@/lib/audit-streams";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = superai(storedStreamTest, {
  POST: async ({ actor, params }) => ({ status: 200, body: await tryStream(actor, params.id ?? "") }),
});
