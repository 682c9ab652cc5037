/** Something that is kept for a time only. */
export interface Kept {
  what: string;
  /** For how long, in words. */
  keptFor: string;
  /** Deletes what is past its time, at most $1 rows of it. */
  sql: string;
}

/** A credential's tests that the console shows. */
const TESTS = 20;

/**
 * What is kept for a time only, and for how long. A period that stands here stands in the row's policy `housekeeping` as well (the
 * newest migration that names it): shorter here alone, nothing more is deleted. When a session or an idempotency key ends is said where
 * it begins (`identity/sessions`, `platform/idempotency`). Ended jobs go by `platform/jobs/boss.ts`, a revocation by its own `until`.
 */
export const kept: readonly Kept[] = [
  {
    what: "counts, waits and known networks of sign-ins",
    keptFor: "an hour, up to fifteen minutes and thirty days: until their own end",
    sql: oldRows("rate_limit", "key", "expire < extract(epoch FROM now()) * 1000"),
  },
  { what: "sessions", keptFor: "until they end", sql: oldRows("session", "org_id, id", "expires_at < now()") },
  {
    what: "idempotency keys and their answers",
    keptFor: "a day",
    sql: oldRows("idempotency_key", "org_id, id", "expires_at < now()"),
  },
  {
    what: "times of superseded changes",
    keptFor: "a day",
    sql: oldRows("superseded_update", "org_id, object_id, updated_at", "superseded_at < now() - interval '1 day'"),
  },
  {
    what: "sign-ins at providers that nobody came back from",
    keptFor: "ten minutes",
    sql: oldRows("authorization_flow", "org_id, id", "expires_at < now()"),
  },
  {
    what: "ended rotations",
    keptFor: "ninety days",
    sql: oldRows("credential_rotation", "org_id, id", "ended_at < now() - interval '90 days'"),
  },
  {
    what: "connection tests",
    keptFor: `the newest ${TESTS} of each credential, none of deleted ones`,
    sql: `DELETE FROM connection_test WHERE (org_id, id) IN (
      SELECT t.org_id, t.id FROM (
        SELECT org_id, id, credential_id, row_number() OVER (PARTITION BY org_id, credential_id ORDER BY at DESC) AS place
        FROM connection_test) t
      LEFT JOIN credential c ON c.org_id = t.org_id AND c.id = t.credential_id
      WHERE t.place > ${TESTS} OR c.id IS NULL OR c.deleted_at IS NOT NULL LIMIT $1)`,
  },
];

function oldRows(table: string, key: string, isOver: string): string {
  return `DELETE FROM ${table} WHERE (${key}) IN (SELECT ${key} FROM ${table} WHERE ${isOver} LIMIT $1)`;
}
