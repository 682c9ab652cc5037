import "server-only";
import { RateLimiterMemory } from "rate-limiter-flexible";
import type { Actor } from "@/lib/authorization/actor";
import { assertCan } from "@/lib/authorization/authorize";
import { log, traceOf } from "@/lib/platform/log";
import { Refusal, type RefusalCode } from "@/lib/platform/refusal";
import { traced } from "@/lib/platform/tracing";
import { isUuid } from "@/lib/platform/uuid";
import type { AuditEntry } from "@/lib/vocabulary/audit-event";
import type { Permission } from "@/lib/vocabulary/permissions";
import { recordAlone } from "./record";

/**
 * How every service function begins: judges the permission, does the work, and when the answer is a refusal that
 * tells of somebody reaching for what is not theirs, records it. The refusal goes out whether or not the record
 * could be written: nothing was handed over.
 */
export async function withAuthorization<T>(
  actor: Actor,
  permission: Permission,
  attempt: AuditEntry,
  work: () => Promise<T>,
): Promise<T> {
  try {
    assertCan(actor, permission);
    return await traced("core", { action: attempt.action, actorKind: actor.kind }, work);
  } catch (error) {
    if (error instanceof Refusal && recorded.has(error.code)) await recordRefusal(actor, attempt, error.code);
    throw error;
  }
}

/** Refusals of shape, conflicts and limits are no reaching; these are. */
const recorded: ReadonlySet<RefusalCode> = new Set<RefusalCode>(["forbidden", "not_found", "reauthorization_required"]);

/** A scan of a million ids must not fill the log: sixty refusals a minute of one actor are kept, the rest is counted. */
const limiter = new RateLimiterMemory({ points: 60, duration: 60 });

/** What stands where an id belongs is whatever somebody typed, or pasted: on record is only what can be an id. */
function withoutForeignText({ target, ...attempt }: AuditEntry): AuditEntry {
  return target && isUuid(target.id) ? { ...attempt, target } : attempt;
}

/** Records one refusal, unless they come faster than anyone could read. Never throws. */
export async function recordRefusal(actor: Actor, attempt: AuditEntry, reason: string): Promise<void> {
  try {
    await limiter.consume(`${actor.orgId}/${actor.id}`);
  } catch {
    log.warn("refusals are coming faster than they are recorded", { orgId: actor.orgId, actorId: actor.id });
    return;
  }
  try {
    await recordAlone(actor, { ...withoutForeignText(attempt), outcome: "refused", reason });
  } catch (error) {
    log.error("a refusal could not be recorded", { requestId: actor.requestId, ...traceOf(error) });
  }
}
