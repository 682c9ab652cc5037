import "server-only";
import { randomUUID } from "node:crypto";
import { clock } from "@/lib/platform/clock";
import type { SendOptions } from "./ask";
import { putObject } from "./object-store";
import { sendByOtlp } from "./otlp";
import type { SinkSettings } from "./settings";
import type { Batch, Delivery } from "./sink";
import { sendBySyslog } from "./syslog";
import { sendByWebhook } from "./webhook";

/**
 * Sends a batch once, within 30 seconds, and says what became of it. Whatever is not done may be sent again as it is.
 * @throws Refusal "unavailable" when this installation has no process to send with
 */
export function deliver(settings: SinkSettings, batch: Batch, options: SendOptions): Promise<Delivery> {
  const sender = { ...options, owner: batch.orgId };
  switch (settings.kind) {
    case "webhook":
      return sendByWebhook(settings, batch, sender);
    case "object_store":
      return putObject(settings, batch, sender);
    case "syslog":
      return sendBySyslog(settings, batch, sender);
    case "otlp":
      return sendByOtlp(settings, batch, sender);
  }
}

/**
 * Sends a batch without events, whose seal says that it is a test: the receiver has it afterwards, in an object store as
 * tests/ID.jsonl beside the years.
 */
export function tryOut(
  settings: SinkSettings,
  { orgId, streamId, seal }: { orgId: string; streamId: string; seal: string },
  options: SendOptions,
): Promise<Delivery> {
  const id = `test-${randomUUID()}`;
  return deliver(settings, { orgId, streamId, id, from: 0n, to: 0n, at: clock.now(), events: [], seal }, options);
}
