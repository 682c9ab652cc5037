import "server-only";
import type { Server } from "node:http";
import type { Readiness } from "@/lib/api/http/readiness";
import { startMetrics } from "@/lib/observability";
import type { Env } from "@/lib/platform/env";
import { productVersion } from "@/lib/platform/version";
import type { ConsoleProcess } from "./console-process";
import { listen } from "./listener";
import { type MetricsDoor, metricsDoor, metricsListener, metricsToken } from "./metrics-door";
import { countingWatch, type Watch } from "./watch";

interface Measured {
  console: ConsoleProcess;
  /** Names of all checks of readiness. */
  checks: readonly string[];
  readiness: Readiness;
}

/** How metrics are read; nothing of it where nobody wants any. */
export interface OpenMetrics {
  watch?: Watch;
  /** Of the product's own port. */
  door?: MetricsDoor;
  /** A port of their own. */
  servers: Server[];
  warnings: string[];
}

type Settings = Pick<Env, "METRICS_PORT" | "METRICS_HOST" | "METRICS_TOKEN" | "METRICS_TOKEN_FILE" | "DATABASE_POOL">;

/**
 * Opens what the settings ask for: a port of its own, or the product's port for whoever has the token.
 * @throws Error when the token's file cannot be read, or the port is taken
 */
export async function openMetrics(settings: Settings, { console, checks, readiness }: Measured): Promise<OpenMetrics> {
  const { METRICS_PORT: port, METRICS_HOST: host, METRICS_TOKEN, METRICS_TOKEN_FILE, DATABASE_POOL } = settings;
  const token = metricsToken(METRICS_TOKEN, METRICS_TOKEN_FILE);
  if (port === undefined && token === undefined) return { servers: [], warnings: [] };
  const metrics = await startMetrics({
    version: productVersion(),
    console,
    checks,
    failing: readiness,
    poolMax: DATABASE_POOL,
  });
  const watch = countingWatch(metrics);
  const door = metricsDoor(metrics, token);
  if (port === undefined) return { watch, door, servers: [], warnings: [] };
  const isOpen = token === undefined && !/^(127\.|::1$|localhost$)/.test(host);
  return {
    watch,
    servers: await listen(metricsListener(door), port, host),
    warnings: isOpen
      ? [`METRICS_HOST ${host} lets everybody who reaches it read the metrics. Set METRICS_TOKEN_FILE, or 127.0.0.1.`]
      : [],
  };
}
