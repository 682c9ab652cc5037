import "server-only";
import { v7 as uuidv7 } from "uuid";
import type { Actor } from "@/lib/authorization/actor";
import { record, withAuthorization } from "@/lib/platform/audit";
import { inOrganization } from "@/lib/platform/db";
import { notFound, Refusal } from "@/lib/platform/refusal";
import { isUuid } from "@/lib/platform/uuid";
import { type StreamError, streamErrors } from "@/lib/vocabulary/audit-stream";
import { testSealOf } from "./seal";
import { openSettings } from "./sealed-settings";
import { wordOf } from "./send";
import { type SinkSettings, tryOut } from "./sinks/index";

/** How a receiver took an empty batch. */
export type StreamTest = { outcome: "ok" } | { outcome: "failed"; reason: StreamError; message: string };

const TEST_MS = 15_000;

/** Sends an empty batch with settings that need not be stored. Changes nothing here. */
export const trySettings = (actor: Actor, settings: SinkSettings): Promise<StreamTest> =>
  withAuthorization(actor, "audit_stream:manage", { action: "audit_stream.tested" }, () =>
    tested(actor, uuidv7(), settings),
  );

/** The same to the receiver of a stream. It is on record. @throws Refusal "not_found"; "damaged" when its settings do not open */
export function tryStream(actor: Actor, id: string): Promise<StreamTest> {
  const target = { type: "audit_stream", id } as const;
  return withAuthorization(actor, "audit_stream:manage", { action: "audit_stream.tested", target }, async () => {
    const { orgId } = actor;
    const row = await inOrganization(orgId, (tx) => tx.auditStream.findFirst({ where: { orgId, id: known(id) } }));
    if (!row) throw notFound();
    const test = await tested(actor, id, openSettings(row));
    const failed = test.outcome === "failed" ? ({ outcome: "failed", reason: test.reason } as const) : {};
    await inOrganization(orgId, (tx) =>
      record(tx, actor, { action: "audit_stream.tested", target: { ...target, name: row.name }, ...failed }),
    );
    return test;
  });
}

/** @param id the stream's, which it may have later on @throws Refusal "external_failure" naming what is wrong, when the receiver did not take it */
export async function requireTaken(actor: Actor, id: string, settings: SinkSettings): Promise<void> {
  const test = await tested(actor, id, settings);
  if (test.outcome === "ok") return;
  throw new Refusal("external_failure", `The receiver did not take a test batch. ${test.message}`, {
    details: { reason: test.reason },
  });
}

async function tested({ orgId, signal }: Actor, streamId: string, settings: SinkSettings): Promise<StreamTest> {
  const bound = AbortSignal.any([AbortSignal.timeout(TEST_MS), ...(signal ? [signal] : [])]);
  const reason = wordOf(
    await tryOut(settings, { orgId, streamId, seal: testSealOf({ orgId, streamId }) }, { signal: bound }),
  );
  return reason === "done" ? { outcome: "ok" } : { outcome: "failed", reason, message: streamErrors[reason] };
}

function known(id: string): string {
  if (!isUuid(id)) throw notFound();
  return id;
}
