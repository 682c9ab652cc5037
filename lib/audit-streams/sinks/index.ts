import "server-only";
import { z } from "zod";
import { invalidField } from "@/lib/platform/refusal";
import type { Batch, Delivery } from "./sink";

export type { Batch, BatchLine, Delivery } from "./sink";

const webhook = z.strictObject({
  kind: z.literal("webhook"),
  url: z.url({ protocol: /^https$/ }).max(2_000),
  secret: z.string().min(16).max(500).optional(),
});

export const sinkSettings = z.discriminatedUnion("kind", [webhook]);
export type SinkSettings = z.output<typeof sinkSettings>;

export type JsonValue = string | number | boolean | null | JsonValue[] | { [name: string]: JsonValue };

export function publicSettings({ secret, ...shown }: SinkSettings): Record<string, JsonValue> {
  return { ...shown, secrets_set: secret === undefined ? [] : ["secret"] };
}

export function withKeptSecrets(changed: SinkSettings, stored: SinkSettings): SinkSettings {
  if (changed.secret !== undefined || stored.secret === undefined) return changed;
  if (new URL(changed.url).host !== new URL(stored.url).host)
    throw invalidField("secret", "Must be sent again: the destination is another");
  return { ...changed, secret: stored.secret };
}

export async function deliver(
  _settings: SinkSettings,
  _batch: Batch,
  _options: { signal?: AbortSignal },
): Promise<Delivery> {
  return { outcome: "unknown", reason: "not_connected" };
}

export async function tryOut(
  _settings: SinkSettings,
  _orgId: string,
  _options: { signal?: AbortSignal },
): Promise<Delivery> {
  return { outcome: "unknown", reason: "not_connected" };
}
