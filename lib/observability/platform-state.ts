import "server-only";
import { type StreamsState, streamsState } from "@/lib/audit-streams/state";
import { countByKey, type KeyCount } from "@/lib/credentials/rotation";
import { type CredentialTotals, credentialTotals } from "@/lib/credentials/totals";
import { lastAnchoring } from "@/lib/platform/audit/verify";
import { statement } from "@/lib/platform/db";
import { type QueueState, queueStates } from "@/lib/platform/jobs/states";
import { log, traceOf } from "@/lib/platform/log";

/** What all instances share, as it was when it was last looked at. A part that could not be read is undefined. */
export interface PlatformState {
  credentials: CredentialTotals | undefined;
  keys: KeyCount[] | undefined;
  queues: QueueState[] | undefined;
  streams: StreamsState | undefined;
  /** The newest migration that the database has. */
  schema: string | undefined;
  /** In milliseconds since 1970. */
  anchoredAt: number | undefined;
}

/** Read at most this often, however often anybody asks. */
const FRESH_MS = 15_000;
/** And never for more than a twentieth of the time. */
const PART_OF_TIME = 20;

/** Looks at the state of the platform, for any number of askers. Never throws. */
export function platformStateReader(): () => Promise<PlatformState> {
  const readers = {
    credentials: seldom("credentials", credentialTotals),
    keys: seldom("keys", countByKey),
    queues: seldom("jobs", queueStates),
    streams: seldom("audit_streams", streamsState),
    schema: seldom("schema", newestMigration),
  };
  return async () => {
    const [credentials, keys, queues, streams, schema] = await Promise.all([
      readers.credentials(),
      readers.keys(),
      readers.queues(),
      readers.streams(),
      readers.schema(),
    ]);
    return { credentials, keys, queues, streams, schema, anchoredAt: lastAnchoring() };
  };
}

async function newestMigration(): Promise<string | undefined> {
  const [row] = await statement<{ name: string }>(
    "newest_migration",
    `SELECT migration_name AS name FROM "_prisma_migrations"
      WHERE rolled_back_at IS NULL AND finished_at IS NOT NULL ORDER BY migration_name COLLATE "C" DESC LIMIT 1`,
    [],
  );
  return row?.name;
}

/** @returns what was read last, read anew where that was a while ago; undefined where the newest try failed */
function seldom<T>(purpose: string, read: () => Promise<T>): () => Promise<T | undefined> {
  let latest: Promise<T | undefined> | undefined;
  let until = Number.POSITIVE_INFINITY;
  return () => {
    if (latest && performance.now() < until) return latest;
    const began = performance.now();
    until = Number.POSITIVE_INFINITY;
    latest = read()
      .catch((error: unknown) => {
        log.warn("a count for the metrics could not be read", { purpose, error: traceOf(error).error });
        return undefined;
      })
      .finally(() => {
        const tookMs = performance.now() - began;
        until = began + Math.max(FRESH_MS, tookMs * PART_OF_TIME);
      });
    return latest;
  };
}
