import "server-only";
import { type ChildProcess, fork } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { env } from "@/lib/env";
import { Refusal } from "@/lib/refusal";
import { cpuGuard, TOO_COSTLY } from "@/lib/shares/cpu-guard";
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

let entry: string | undefined;

/** Where the bundled worker is, when it is not at dist/worker.js under the working directory. */
export const setWorkerPath = (path: string | undefined): void => {
  entry = path;
  retire();
};

/** One process waits ready, since starting one takes longer than most tests. It is let go after a while without use. */
let idle: ChildProcess | undefined;
let idleTimer: NodeJS.Timeout | undefined;
const IDLE_MS = 5 * 60_000;

/** @throws Refusal "unavailable" when the bundle is missing */
export function run(job: Job, onAnswer: (answer: Answer) => void): Run {
  const child = takeChild();
  const end = new Promise<RunEnd>((resolve) => {
    child.on("message", (message: Answer) => {
      if (message.kind === "begin" || message.kind === "step") return onAnswer(message);
      resolve({ answer: message, tooCostly: false });
      child.kill("SIGKILL");
    });
    // Not "exit": under load that comes before the last message has been read from the channel.
    child.once("close", (_, signal) => resolve({ answer: undefined, tooCostly: signal === TOO_COSTLY }));
    child.once("error", () => resolve({ answer: undefined, tooCostly: false }));
  });
  child.send(job, () => undefined);
  keepOneReady();
  return { end, kill: () => child.kill("SIGKILL") };
}

function takeChild(): ChildProcess {
  const ready = idle;
  retainNone();
  const child = ready?.connected ? ready : start();
  child.ref();
  child.channel?.ref();
  return child;
}

function keepOneReady(): void {
  if (!idle) idle = start();
  clearTimeout(idleTimer);
  idleTimer = setTimeout(retire, IDLE_MS);
  idleTimer.unref();
}

function retire(): void {
  idle?.kill("SIGKILL");
  retainNone();
}

function retainNone(): void {
  clearTimeout(idleTimer);
  idle = undefined;
}

/** Memory of one test; the bytes that a peer may send are limited apart from this. */
const HEAP_MIB = 96;
/** Processor time of one job, its own start included. Opening a key of 128 bcrypt rounds takes about three seconds. */
const CPU_MS = 12_000;

function start(): ChildProcess {
  // What the operator trusts beside the public authorities: a path, and nothing secret.
  const authorities = env().NODE_EXTRA_CA_CERTS;
  // The path is not known when this module is bundled, and must not be followed then.
  const path = entry ?? join(/* turbopackIgnore: true */ process.cwd(), "dist", "worker.js");
  if (!existsSync(path))
    throw new Refusal("unavailable", "Connection tests are not available: the worker is not built");
  const child = fork(/* turbopackIgnore: true */ path, [], {
    // Nothing of ours: no PG* for the driver to fall back to, no key, no database address.
    env: { NODE_ENV: "production", ...(authorities && { NODE_EXTRA_CA_CERTS: authorities }) },
    execArgv: [`--max-old-space-size=${HEAP_MIB}`, cpuGuard(CPU_MS)],
    stdio: ["ignore", "ignore", "ignore", "ipc"],
  });
  child.on("error", () => undefined);
  // A waiting process must not keep a server from ending; it ends by itself when the channel closes.
  child.unref();
  child.channel?.unref();
  return child;
}
