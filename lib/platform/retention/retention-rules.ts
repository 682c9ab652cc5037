import "server-only";
import { env } from "@/lib/platform/env";

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
 * What is kept for a time only, and for how long; a setting may keep it longer, or a part of it shorter. A period that stands here stands in
 * the row's policy `housekeeping` as well (the newest migration that names it): shorter here alone, nothing more is deleted. When a session
 * or an idempotency key ends is said where it begins (`identity/sessions`, `platform/idempotency`). Ended jobs go by
 * `platform/jobs/boss.ts`, a revocation by its own `until`, audit events by `platform/audit/expire.ts`.
 */
export function kept(): Kept[] {
  const {
    RETENTION_LIMITS_DAYS: limits,
    RETENTION_FLOWS_DAYS: flows,
    RETENTION_ROTATIONS_DAYS: rotations,
    RETENTION_TESTS_DAYS: tests,
    RETENTION_USES_DAYS: uses,
  } = env();
  return [
    {
      what: "counts, waits and known networks of sign-ins",
      keptFor: "an hour, up to fifteen minutes and thirty days: until their own end",
      sql: oldRows("rate_limit", "key", `expire < extract(epoch FROM now() - interval '${limits} days') * 1000`),
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
      sql: oldRows("authorization_flow", "org_id, id", `expires_at < now() - interval '${flows} days'`),
    },
    {
      what: "ended rotations",
      keptFor: "ninety days",
      sql: oldRows("credential_rotation", "org_id, id", `ended_at < now() - interval '${rotations} days'`),
    },
    {
      what: "connection tests",
      keptFor: `the newest ${TESTS} of each credential, none of deleted ones`,
      sql: `DELETE FROM connection_test WHERE (org_id, id) IN (
        SELECT t.org_id, t.id FROM (
          SELECT org_id, id, at, credential_id, row_number() OVER (PARTITION BY org_id, credential_id ORDER BY at DESC) AS place
          FROM connection_test) t
        LEFT JOIN credential c ON c.org_id = t.org_id AND c.id = t.credential_id
        WHERE t.place > ${TESTS} OR c.id IS NULL OR c.deleted_at IS NOT NULL${tests === undefined ? "" : ` OR ${past("t.at", tests)}`} LIMIT $1)`,
    },
    ...(uses === undefined
      ? []
      : [
          {
            what: "counts of uses",
            keptFor: "for ever, unless it is set",
            sql: oldRows("credential_use", "org_id, credential_id, service_account_id, day", past("day", uses)),
          },
          {
            what: "last uses of tokens",
            keptFor: "for ever, unless it is set",
            sql: oldRows("token_use", "org_id, token_id, credential_id", past("last_at", uses)),
          },
        ]),
  ];
}

const past = (column: string, days: number): string => `${column} < now() - interval '${days} days'`;

function oldRows(table: string, key: string, isOver: string): string {
  return `DELETE FROM ${table} WHERE (${key}) IN (SELECT ${key} FROM ${table} WHERE ${isOver} LIMIT $1)`;
}
