import type { StreamRow } from "@/components/feeds/streams";
import type { Tone } from "@/components/ui/badge";
import type { SinkKind } from "@/lib/vocabulary/audit-sink";

export const sinkLabels: Record<SinkKind, string> = {
  webhook: "Webhook",
  object_store: "Object store (S3)",
  syslog: "Syslog over TLS",
  otlp: "OpenTelemetry (OTLP/HTTP)",
};

/** How a receiver stands, in a word. Fetches that are refused because of it are said first: they hurt others. */
export function stateOf({ enabled, full, refuseFetchesWhenFull, failures, lagEvents }: StreamRow): {
  word: string;
  tone: Tone;
} {
  if (!enabled) return { word: "Paused", tone: "plain" };
  if (full) return { word: refuseFetchesWhenFull ? "Full: fetches refused" : "Full", tone: "bad" };
  if (failures > 0) return { word: "Failing", tone: "bad" };
  if (lagEvents > 0) return { word: "Sending", tone: "accent" };
  return { word: "Up to date", tone: "good" };
}

/** Where it goes, as far as it may be shown. */
export function destinationOf({ kind, settings }: Pick<StreamRow, "kind" | "settings">): string {
  const { url, endpoint, bucket, host, port } = settings;
  if (kind === "syslog") return `${host}:${port}`;
  if (kind === "object_store") return `${bucket} at ${endpoint}`;
  return String(url ?? endpoint ?? "");
}
