import "server-only";

/**
 * How a child process is told to end itself once its work has cost too much. What counts is the processor's time and not
 * the clock: on a busy machine good work takes long, and it is only the work's own cost that may be held against it. A
 * thread of its own watches, since the work may be one computation that nothing interrupts. Of the signals about time this
 * one leaves no core file, which would hold the secrets at work.
 */
export const TOO_COSTLY: NodeJS.Signals = "SIGVTALRM";

/** For `execArgv` of a child that may use this many milliseconds of processor time; past them it dies by TOO_COSTLY. */
export const cpuGuard = (limitMs: number): string =>
  `--import=data:text/javascript,${encodeURIComponent(guard(limitMs))}`;

const guard = (limitMs: number) => `
import { Worker } from "node:worker_threads";
new Worker(${JSON.stringify(watch(limitMs))}, { eval: true, stdin: false, execArgv: [] }).unref();`;

const watch = (limitMs: number) => `
const look = () => {
  const { user, system } = process.cpuUsage();
  if ((user + system) / 1000 < ${limitMs}) return setTimeout(look, 100);
  try { process.kill(process.pid, "${TOO_COSTLY}"); } catch { process.kill(process.pid, "SIGKILL"); }
};
look();`;
