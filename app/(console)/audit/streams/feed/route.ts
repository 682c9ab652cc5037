import { z } from "zod";
import { jsonQuery } from "@/lib/api/http/json-endpoints";
import { listStreams } from "@/lib/audit-streams";

export const GET = jsonQuery(z.strictObject({}), (actor) => listStreams(actor));
