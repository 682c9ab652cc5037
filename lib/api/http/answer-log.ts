import "server-only";
import type { Actor } from "@/lib/authorization/actor";
import { type LogFields, log } from "@/lib/platform/log";

/** One line for each answer of a door: the route's pattern, never the path or the query. */
export function logAnswer(
  door: string,
  actor: Actor | undefined,
  answer: Required<Pick<LogFields, "requestId" | "method" | "route" | "status" | "durationMs">>,
): void {
  log.debug(door, {
    ...answer,
    durationMs: Math.round(answer.durationMs),
    ...(actor && { orgId: actor.orgId, actorKind: actor.kind, actorId: actor.id }),
  });
}
