import "server-only";
import { log, traceOf } from "@/lib/platform/log";
import type { Refusal } from "@/lib/platform/refusal";

/** One line for each kind of failure in so long; the next one says how many there were. */
const QUIET_MS = 10_000;
/** Kinds are few: a code of ours and the class of what was thrown. */
const KINDS_MAX = 200;

interface Kind {
  spokenAt: number;
  /** Since then. */
  silent: number;
}

let kinds = new Map<string, Kind>();

/**
 * Logs a refusal that something outside caused. While the database is away every request is one: the first says
 * everything, the others are counted.
 */
export function logOutsideFailure({ code, cause }: Refusal, requestId: string, now = Date.now()): void {
  if (!cause) return;
  const trace = traceOf(cause);
  const name = `${code} ${trace.error}`;
  const kind = kinds.get(name);
  if (kind && now - kind.spokenAt < QUIET_MS) {
    kind.silent++;
    return;
  }
  if (kinds.size >= KINDS_MAX) kinds = new Map();
  kinds.set(name, { spokenAt: now, silent: 0 });
  const count = kind?.silent ?? 0;
  // Where it came from was said the first time.
  const said = count > 0 ? { error: trace.error, count } : trace;
  log.warn("refused because of an outside failure", { requestId, code, ...said });
}
