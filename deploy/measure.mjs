// What a process says of itself to whoever watches it.
import { monitorEventLoopDelay } from "node:perf_hooks";

const NS = 1e9;
let lag;

/**
 * Memory, processor time and load of this process, and the event loop's lag since the last look. Nothing is measured until somebody
 * has looked for the first time.
 */
export function measure() {
  const { rss, heapUsed } = process.memoryUsage();
  const { user, system } = process.cpuUsage();
  const lagSeconds = lag?.count
    ? { median: lag.percentile(50) / NS, p99: lag.percentile(99) / NS, max: lag.max / NS }
    : { median: 0, p99: 0, max: 0 };
  if (!lag) {
    lag = monitorEventLoopDelay({ resolution: 20 });
    lag.enable();
  }
  lag.reset();
  const loads = globalThis.latchkeyLoads?.look();
  return { residentBytes: rss, heapBytes: heapUsed, cpuSeconds: (user + system) / 1e6, lagSeconds, loads };
}
