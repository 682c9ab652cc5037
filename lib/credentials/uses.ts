import "server-only";
import { setTimeout as pause } from "node:timers/promises";
import { statement } from "@/lib/platform/db";
import { defer } from "@/lib/platform/jobs";
import { log, traceOf } from "@/lib/platform/log";

/**
 * Counts uses. The audit log holds every fetch; counting is done from it, off the fetch's road, so that a fetch writes one
 * event and nothing else: when somebody looks, and twice a minute besides.
 */
const DELAY_S = 30;
/** Lists look again after this long. */
const FRESH_MS = 1_000;
/** How long a list waits for a count; what it does not show then shows the next time. */
const PATIENCE_MS = 250;
const counted = new Map<string, number>();
/** Fetches of this process that may not be counted yet, so that "last used" of one credential is right here at once. */
const recent = new Map<string, Date>();
const RECENT_MAX = 50_000;
/** Until when a job of this process's own sending waits to count an organisation's fetches. */
const deferred = new Map<string, number>();

/** Takes note of a fetch, and sees to it that it is counted soon. */
export function noteUse(orgId: string, id: string, at: Date): void {
  if (recent.size >= RECENT_MAX) recent.clear();
  recent.set(id, at);
  if (performance.now() < (deferred.get(orgId) ?? 0)) return;
  if (deferred.size >= RECENT_MAX) deferred.clear();
  deferred.set(orgId, performance.now() + DELAY_S * 1_000);
  defer("use-counts", orgId, DELAY_S).catch((error: unknown) => {
    deferred.delete(orgId);
    log.warn("fetches were not counted", { orgId, ...traceOf(error) });
  });
}

export function lastUse(row: { id: string; lastUsedAt: Date | null }): Date | null {
  const noted = recent.get(row.id);
  return noted && (!row.lastUsedAt || noted > row.lastUsedAt) ? noted : row.lastUsedAt;
}

/** Counts what the audit log holds and was not counted yet. */
export async function countUses(orgId: string): Promise<void> {
  if (counted.size >= RECENT_MAX) counted.clear();
  counted.set(orgId, performance.now());
  await statement("count_uses", "CALL count_uses($1)", [orgId]);
}

/** The same for a list, which many may be looking at: at most once a second, and it does not wait for a long count. */
export async function countUsesForList(orgId: string): Promise<void> {
  if (performance.now() - (counted.get(orgId) ?? Number.NEGATIVE_INFINITY) < FRESH_MS) return;
  await Promise.race([tryToCount(orgId), pause(PATIENCE_MS, undefined, { ref: false })]);
}

/** What is missed now is counted with the next fetch, or when somebody asks. */
const tryToCount = (orgId: string): Promise<void> =>
  countUses(orgId).catch((error: unknown) => log.warn("fetches were not counted", { orgId, ...traceOf(error) }));
