import "server-only";
import type { Loads } from "@/lib/platform/loads";

/** Where a request belongs, in words out of closed sets. */
export interface Exchange {
  /** Whose request it was: a dialect, the console, or the gateway itself. */
  door: string;
  /** The route's pattern, or another word out of a closed set. */
  route: string;
}

export interface Answered extends Exchange {
  method: string;
  status: string;
  seconds: number;
}

/** What the console's process says of itself. */
export interface ConsoleMeasure {
  residentBytes: number;
  heapBytes: number;
  cpuSeconds: number;
  lagSeconds: { median: number; p99: number; max: number };
  loads: Loads | undefined;
}

export interface MetricsSources {
  version: string;
  console: { up: boolean; starts: number; measure: () => Promise<ConsoleMeasure | undefined> };
  /** Names of the checks of readiness, and which of them fail. */
  checks: readonly string[];
  failing: () => Promise<ReadonlySet<string>>;
  /** Connections to the database that this process may have. */
  poolMax: number;
}

/** Counts, from now on. */
export interface MetricsView {
  begun: () => void;
  answered: (answered: Answered) => void;
  text: () => Promise<string>;
  contentType: string;
}
