import "server-only";
import { FreshProcesses } from "@/lib/net/worker/fresh-process";
import type { Answer, Job } from "./protocol";

/**
 * Runs a job in a process of its own. A process, not a thread: it shares no memory with the keys of the vault, its
 * environment holds nothing of ours, and it can be killed in the middle of a native computation, which a thread survives.
 */
export interface Run {
  /** Ends with the answer, or undefined when the process ended or was killed before it. */
  answer: Promise<Answer | undefined>;
  kill: () => void;
}

/** `heapMiB` is the memory of one test; the bytes that a peer may send are limited apart from this. */
const processes = new FreshProcesses({
  name: "worker.js",
  heapMiB: 96,
  missing: "Connection tests are not available: the worker is not built",
});

/** Where the bundled worker is, when it is not at dist/worker.js under the working directory. */
export const setWorkerPath = (path: string | undefined): void => processes.setPath(path);

/** @throws Refusal "unavailable" when the bundle is missing */
export function run(job: Job, onAnswer: (answer: Answer) => void): Run {
  const child = processes.take();
  const answer = new Promise<Answer | undefined>((resolve) => {
    child.on("message", (message: Answer) => {
      if (message.kind === "begin" || message.kind === "step") return onAnswer(message);
      resolve(message);
      child.kill("SIGKILL");
    });
    // Not "exit": under load that comes before the last message has been read from the channel.
    child.once("close", () => resolve(undefined));
    child.once("error", () => resolve(undefined));
  });
  child.send(job, () => undefined);
  processes.keepOneReady();
  return { answer, kill: () => child.kill("SIGKILL") };
}
