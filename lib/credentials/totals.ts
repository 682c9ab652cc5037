import "server-only";
import { acrossOrganizations } from "@/lib/platform/db";

/** How the credentials of the platform stand, all organisations together; no word of any single one. */
export interface CredentialTotals {
  /** By the outcome of the newest test of the values of now; "untested" where there is none. */
  health: Record<"ok" | "degraded" | "failed" | "unreachable" | "untested", number>;
  inactive: number;
  needingReauthorization: number;
  /** Their own end has passed; ends within a week; within thirty days, that week left out. */
  ended: number;
  endingInDays7: number;
  endingInDays30: number;
}

/** Whoever only watches must not be what keeps the database busy. */
const WATCH_TIMEOUT = "SET LOCAL statement_timeout = 2000";

const TOTALS = `
  SELECT count(*) FILTER (WHERE tested = 'ok')::int AS ok, count(*) FILTER (WHERE tested = 'degraded')::int AS degraded,
    count(*) FILTER (WHERE tested = 'failed')::int AS failed, count(*) FILTER (WHERE tested = 'unreachable')::int AS unreachable,
    count(*) FILTER (WHERE tested IS NULL)::int AS untested, count(*) FILTER (WHERE NOT active)::int AS inactive,
    count(*) FILTER (WHERE needs_reauth)::int AS reauth, count(*) FILTER (WHERE expires_at <= now())::int AS ended,
    count(*) FILTER (WHERE expires_at > now() AND expires_at <= now() + interval '7 days')::int AS days7,
    count(*) FILTER (WHERE expires_at > now() + interval '7 days' AND expires_at <= now() + interval '30 days')::int AS days30
    FROM (SELECT CASE WHEN health_version = sealed_version THEN health END AS tested, active, needs_reauth, expires_at
            FROM credential WHERE deleted_at IS NULL) AS c`;

interface Row {
  ok: number;
  degraded: number;
  failed: number;
  unreachable: number;
  untested: number;
  inactive: number;
  reauth: number;
  ended: number;
  days7: number;
  days30: number;
}

/** Counts all credentials once, in one statement of at most two seconds. @throws Error of the database */
export async function credentialTotals(): Promise<CredentialTotals> {
  const [row] = await acrossOrganizations(async (tx) => {
    await tx.$executeRawUnsafe(WATCH_TIMEOUT);
    return tx.$queryRawUnsafe<[Row]>(TOTALS);
  });
  const { ok, degraded, failed, unreachable, untested, inactive, reauth, ended, days7, days30 } = row;
  return {
    health: { ok, degraded, failed, unreachable, untested },
    inactive,
    needingReauthorization: reauth,
    ended,
    endingInDays7: days7,
    endingInDays30: days30,
  };
}
