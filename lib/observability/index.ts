import "server-only";
import { env } from "@/lib/platform/env";
import { alsoTell } from "@/lib/platform/log";
import { countWith } from "@/lib/platform/meter";
import { followWith } from "@/lib/platform/tracing";
import { productVersion } from "@/lib/platform/version";
import type { OtlpOptions } from "./otlp";
import type { MetricsSources, MetricsView } from "./view";

/**
 * What an operator sees of this process from outside. It promises that nothing is counted, loaded or measured unless it is asked for, and
 * that what is said holds no value, no name and no path that came with a request.
 */
export type { ConsoleMeasure, Exchange, MetricsView } from "./view";

/** Begins to count. The library that does is loaded now, and not where nobody wants metrics. */
export async function startMetrics(sources: MetricsSources): Promise<MetricsView> {
  const { Metrics } = await import("./metrics");
  const metrics = new Metrics(sources);
  countWith(metrics);
  return metrics;
}

/** Begins to follow, where the operator has named a collector. @returns what ends it */
export async function traceWhereAsked(): Promise<(() => Promise<void>) | undefined> {
  const { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_SERVICE_NAME: serviceName } = env();
  return endpoint === undefined ? undefined : startTracing({ endpoint, serviceName, version: productVersion() });
}

/**
 * Follows requests and sends spans and lines of the log to a collector, from now on. The library that does is loaded now.
 * @returns what ends it: sends what there is, for two seconds at most
 */
export async function startTracing(options: OtlpOptions): Promise<() => Promise<void>> {
  const { Otlp } = await import("./otlp");
  const otlp = new Otlp(options);
  followWith(otlp);
  alsoTell(otlp.tell);
  return async () => {
    followWith(undefined);
    alsoTell(undefined);
    await otlp.stop();
  };
}
