import { z } from "zod";
import { accessOfSubject } from "@/lib/access";
import { jsonQuery } from "@/lib/api/http/json-endpoints";
import { subjectKinds } from "@/lib/vocabulary/access";

const Query = z.strictObject({ kind: z.enum(subjectKinds).default("user"), id: z.uuid().optional() });

/** Of somebody; without a name, of oneself. */
export const GET = jsonQuery(Query, (actor, { kind, id }) =>
  accessOfSubject(actor, id === undefined ? { kind: "user", id: actor.id } : { kind, id }),
);
