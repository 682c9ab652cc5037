import "server-only";
import { z } from "zod";
import type { BlastQuery } from "@/lib/access";
import { auditFields, auditPageQuery } from "@/lib/platform/audit/filter";

const BY = /^(token|service_account|user):([0-9a-f-]{36})$/i;

/** The question as an address holds it: whose knowledge, as "token:ID", and of which days. */
export const exposedFields = z.strictObject({
  by: z.string().regex(BY).optional(),
  ...auditFields.pick({ from: true, to: true, zone: true }).shape,
});

export type ExposedAsked = z.infer<typeof exposedFields>;

/** The same as the core takes it; undefined where it has no bounds yet, or days that end before they begin. */
export function questionOf({ by, ...days }: ExposedAsked): BlastQuery | undefined {
  const { from, to } = auditPageQuery.parse(days);
  const [, kind, id] = BY.exec(by ?? "") ?? [];
  const who = kind && id ? { kind: kind as "token" | "service_account" | "user", id: id.toLowerCase() } : undefined;
  if (from && to && to <= from) return undefined;
  return who || (from && to) ? { by: who, from, to } : undefined;
}
