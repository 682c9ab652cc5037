import "server-only";
import { countWith } from "@/lib/platform/meter";
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
