import "server-only";
import type { Actor } from "@/lib/authorization/actor";
import { env } from "@/lib/platform/env";
import { type LogFields, log } from "@/lib/platform/log";

/** One line for each answer of a door that REQUEST_LOG asks for: the route's pattern, never the path or the query. */
export function logAnswer(
  door: string,
  actor: Actor | undefined,
  answer: Required<Pick<LogFields, "requestId" | "method" | "route" | "status" | "durationMs">>,
): void {
  const { REQUEST_LOG } = env();
  const isAsked = REQUEST_LOG === "all" || (REQUEST_LOG === "errors" && answer.status >= 400);
  log[isAsked ? "info" : "debug"](door, {
    ...answer,
    durationMs: Math.round(answer.durationMs),
    ...(actor && { orgId: actor.orgId, actorKind: actor.kind, actorId: actor.id }),
  });
}
