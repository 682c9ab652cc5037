import { z } from "zod";
import { findSubjects } from "@/lib/access";
import { jsonQuery } from "@/lib/api/http/json-endpoints";
import { subjectKinds } from "@/lib/vocabulary/access";

const Query = z.strictObject({
  kind: z.enum(subjectKinds).default("service_account"),
  q: z.string().max(200).default(""),
});

export const GET = jsonQuery(Query, (actor, { kind, q }) => findSubjects(actor, { kind, text: q }));
