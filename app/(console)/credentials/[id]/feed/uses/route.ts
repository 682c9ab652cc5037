import { z } from "zod";
import { USES_SHOWN } from "@/components/credentials/queries";
import { jsonQuery } from "@/lib/api/http/json-endpoints";
import { usesOfCredential } from "@/lib/plugin-instances";

const Query = z.strictObject({ id: z.string(), offset: z.coerce.number().int().min(0).max(1_000_000).optional() });

export const GET = jsonQuery(Query, (actor, { id, offset }) =>
  usesOfCredential(actor, id, { offset, limit: USES_SHOWN }),
);
