import type { NewStream, SinkSettings, StreamChange, StreamView } from "@/lib/audit-streams";
import { entityTag, versionsIn } from "@/lib/platform/expected-version";
import { type Stream, streamBody, streamChange, streamTrial } from "./schemas/audit-stream";
import { shaped } from "./shape";

/** Receivers of the audit log in SuperAI's form. */
export function newStream(body: Record<string, unknown>): NewStream {
  const { backlog_limit, refuse_fetches_when_full, ...same } = shaped(streamBody, body);
  return { ...same, backlogLimit: backlog_limit, refuseFetchesWhenFull: refuse_fetches_when_full };
}

export function changeOfStream(body: Record<string, unknown>, ifMatch: string | null): StreamChange {
  const { name, settings, backlog_limit, refuse_fetches_when_full, force } = shaped(streamChange, body);
  return {
    ...(name !== undefined && { name }),
    ...(settings !== undefined && { settings }),
    ...{ backlogLimit: backlog_limit, refuseFetchesWhenFull: refuse_fetches_when_full, force },
    expectedVersion: versionsIn(ifMatch),
  };
}

export const settingsToTry = (body: Record<string, unknown>): SinkSettings => shaped(streamTrial, body).settings;

export const stream = (view: StreamView): Stream => ({
  id: view.id,
  name: view.name,
  kind: view.kind,
  settings: view.settings,
  enabled: view.enabled,
  cursor: view.cursor,
  head: view.head,
  lag_events: view.lagEvents,
  lag_seconds: view.lagSeconds,
  last_delivered_at: view.lastDeliveredAt,
  failures: view.failures,
  last_error: view.lastError,
  next_attempt_at: view.nextAttemptAt,
  full: view.full,
  backlog_limit: view.backlogLimit,
  refuse_fetches_when_full: view.refuseFetchesWhenFull,
  version: view.version,
  created_by: view.createdBy,
  created_at: view.createdAt,
  updated_at: view.updatedAt,
  modified_by: view.modifiedBy,
});

/** Its tag is of the version: how far it has come is no state that anybody changes. */
export const streamAnswer = <Status extends 200 | 201>(status: Status, view: StreamView) => ({
  status,
  body: stream(view),
  headers: { ETag: entityTag(view, view.cursor) },
});
