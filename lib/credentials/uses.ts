import "server-only";
import { statement } from "@/lib/db";
import { log, traceOf } from "@/lib/log";

/**
 * Counts uses. The audit log holds every fetch; counting is done from it, a moment later and off the fetch's road, so
 * that a fetch writes one event and nothing else.
 */
const DELAY_MS = 1_000;
/** Fetches of this process that may not be counted yet: "last used" is right here at once, elsewhere within a second. */
const recent = new Map<string, Date>();
const RECENT_MAX = 50_000;
const waiting = new Set<string>();

/** Takes note of a fetch, and sees to it that it is counted soon. */
export function noteUse(orgId: string, id: string, at: Date): void {
  if (recent.size >= RECENT_MAX) recent.clear();
  recent.set(id, at);
  if (waiting.has(orgId)) return;
  waiting.add(orgId);
  setTimeout(() => {
    waiting.delete(orgId);
    // What is missed now is counted with the next fetch, or when somebody asks.
    countUses(orgId).catch((error: unknown) => log.warn("fetches were not counted", { orgId, ...traceOf(error) }));
  }, DELAY_MS).unref();
}

export function lastUse(row: { id: string; lastUsedAt: Date | null }): Date | null {
  const noted = recent.get(row.id);
  return noted && (!row.lastUsedAt || noted > row.lastUsedAt) ? noted : row.lastUsedAt;
}

/** Counts what the audit log holds and was not counted yet. */
export const countUses = (orgId: string) => statement("count_uses", "SELECT count_uses($1)", [orgId]);
