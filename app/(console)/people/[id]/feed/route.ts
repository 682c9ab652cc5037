import { z } from "zod";
import { jsonQuery } from "@/lib/api/http/json-endpoints";
import { holdingsOf } from "@/lib/identity";
import { within } from "../../within";

const Query = z.strictObject({ id: z.string(), organization: z.uuid().optional() });

/** What hangs on somebody and needs another one when they go. */
export const GET = jsonQuery(Query, async (actor, { id, organization }) =>
  holdingsOf(await within(actor, organization), id),
);
