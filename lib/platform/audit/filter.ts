import { TZDate } from "@date-fns/tz";
import { z } from "zod";
import { auditActions, auditOutcomes } from "@/lib/vocabulary/audit-event";

/** The audit filter as an address line holds it, field by field. */
export const auditFields = z.object({
  action: z.enum(auditActions).optional(),
  outcome: z.enum(auditOutcomes).optional(),
  actorId: z.string().max(64).optional(),
  targetId: z.string().max(64).optional(),
  q: z.string().max(100).optional(),
  /** The first and the last day shown. */
  from: z.iso.date().optional(),
  to: z.iso.date().optional(),
  /** Where these days are days: a name of the IANA database. Without it they are UTC's. */
  zone: z.string().max(64).refine(isZone, "Is not a time zone").optional(),
  /** The place to go on from: the sequence number of the last event shown. */
  before: z
    .string()
    .regex(/^\d{1,18}$/)
    .optional(),
});

/** The filter as the core takes it: instants, the first that counts and the first that does not any more. */
export const auditPageQuery = auditFields.transform(({ from, to, zone = "UTC", ...rest }) => ({
  ...rest,
  from: from === undefined ? undefined : startOf(from, 0, zone),
  to: to === undefined ? undefined : startOf(to, 1, zone),
}));

/** The same for a file, which has no pages. */
export const auditQuery = auditPageQuery.transform(({ before: _, ...filter }) => filter);

/** When a day, or the one so many days later, begins there. Where the clocks skip midnight it begins when they go on. */
function startOf(day: string, later: number, zone: string): Date {
  const [year = 0, month = 0, date = 0] = day.split("-").map(Number);
  return new Date(TZDate.tz(zone, year, month - 1, date + later).getTime());
}

function isZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat(undefined, { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
