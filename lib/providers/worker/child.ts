import "server-only";
import { cpuGuard, TOO_COSTLY } from "@/lib/platform/fair-share/cpu-guard";
import { countWorker } from "@/lib/platform/loads";
import { FreshProcesses } from "@/lib/platform/net/worker/fresh-process";
import type { Answer, Job } from "./protocol";

/**
 * Runs a job in a process of its own. A process, not a thread: it shares no memory with the keys of the vault, its
 * environment holds nothing of ours, and it can be killed in the middle of a native computation, which a thread survives.
 */
export interface Run {
  end: Promise<RunEnd>;
  kill: () => void;
}

export interface RunEnd {
  /** The last word; undefined when the process ended or was killed before it. */
  answer: Answer | undefined;
  /** It was ended for what its work had cost by then, rather than by anything around it. */
  tooCostly: boolean;
}

/** Processor time of one job, its own start included. Opening a key of 128 bcrypt rounds takes about three seconds. */
const CPU_MS = 12_000;

/** `heapMiB` is the memory of one test; the bytes that a peer may send are limited apart from this. */
const processes = new FreshProcesses({
  name: "worker.js",
  heapMiB: 96,
  execArgv: [cpuGuard(CPU_MS)],
  missing: "Connection tests are not available: the worker is not built",
});

/** Where the bundled worker is, when it is not at dist/worker.js under the working directory. */
export const setWorkerPath = (path: string | undefined): void => processes.setPath(path);

/** @throws Refusal "unavailable" when the bundle is missing */
export function run(job: Job, onAnswer: (answer: Answer) => void): Run {
  const child = processes.take();
  const ended = countWorker("test");
  const end = new Promise<RunEnd>((resolve) => {
    child.on("message", (message: Answer) => {
      if (message.kind === "begin" || message.kind === "step") return onAnswer(message);
      ended(true);
      resolve({ answer: message, tooCostly: false });
      child.kill("SIGKILL");
    });
    // Not "exit": under load that comes before the last message has been read from the channel.
    child.once("close", (_, signal) => {
      ended(false);
      resolve({ answer: undefined, tooCostly: signal === TOO_COSTLY });
    });
    child.once("error", () => {
      ended(false);
      resolve({ answer: undefined, tooCostly: false });
    });
  });
  child.send(job, () => undefined);
  processes.keepOneReady();
  return { end, kill: () => child.kill("SIGKILL") };
}
