import "server-only";
import { z } from "zod";
import { invalidField, Refusal } from "@/lib/platform/refusal";
import type { Batch, Delivery } from "./sink";

const secret = z.string().regex(/^whsec_[A-Za-z0-9+/]{32,}={0,2}$/);
const webhook = z.strictObject({
  kind: z.literal("webhook"),
  url: z.url({ protocol: /^https$/ }).max(2_000),
  signing_secret: secret,
  second_signing_secret: secret.optional(),
});

export const sinkSettings = z.discriminatedUnion("kind", [webhook]);
export type SinkSettings = z.output<typeof sinkSettings>;

export function publicSettings(settings: SinkSettings): Record<string, string | number | string[]> {
  const { signing_secret: _, second_signing_secret: second, ...shown } = settings;
  return { ...shown, secrets_set: ["signing_secret", ...(second === undefined ? [] : ["second_signing_secret"])] };
}

export function withKeptSecrets(changed: unknown, stored: SinkSettings): SinkSettings {
  const parsed = sinkSettings.safeParse({ ...stored, ...(changed as object) });
  if (!parsed.success) throw new Refusal("invalid", "The receiver's settings are not acceptable");
  const settings = parsed.data;
  const isSame = new URL(settings.url).host === new URL(stored.url).host;
  if (!isSame && !Object.hasOwn(changed as object, "signing_secret"))
    throw invalidField("signing_secret", "Must be given again, as the settings now lead somewhere else");
  return settings;
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
  _of: { orgId: string; streamId: string; seal: string },
  _options: { signal?: AbortSignal },
): Promise<Delivery> {
  return { outcome: "unknown", reason: "not_connected" };
}
