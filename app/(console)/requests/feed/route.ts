import { z } from "zod";
import { listRequests } from "@/lib/access";
import { jsonQuery } from "@/lib/api/http/json-endpoints";

export const GET = jsonQuery(z.strictObject({}), (actor) => listRequests(actor));
