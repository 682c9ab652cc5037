import "server-only";
import { fork } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { programFolder } from "@/lib/platform/env";
import { cpuGuard } from "@/lib/platform/fair-share/cpu-guard";
import { countWorker } from "@/lib/platform/loads";
import { Refusal } from "@/lib/platform/refusal";
import type { SourceRow } from "../define";
import type { ReadAnswer, ReadJob } from "./protocol";

/**
 * Reads a source in a process of its own. What is read is somebody else's file, or whatever answers at an address: its
 * parser shares no memory with the keys of the vault, finds nothing in its environment, and can be killed.
 */
let entry: string | undefined;

/** Where the bundled reader is, when it is not at dist/reader.js under the working directory. */
export const setReaderPath = (path: string | undefined): void => {
  entry = path;
};

/** Processor time that reading may take: what a file is blamed for. */
const CPU_MS = 60_000;
/** Longest that anybody waits for it, on a machine that is busy or a server that is slow. */
const MAX_MS = 180_000;
/** JavaScript's memory of one reading; that of SQLite is limited apart from this. */
const HEAP_MIB = 512;

/**
 * @throws Refusal what the source refused with; "invalid" when reading took too much; "unavailable" without the bundle, and
 * when the reader was ended by something that the source is not to blame for
 */
export async function readInChild(job: ReadJob, signal: AbortSignal): Promise<SourceRow[]> {
  // The path is not known when this module is bundled, and must not be followed then.
  const path = entry ?? join(/* turbopackIgnore: true */ programFolder(), "dist", "reader.js");
  if (!existsSync(path)) throw new Refusal("unavailable", "Imports are not available: the reader is not built");
  const child = fork(/* turbopackIgnore: true */ path, [], {
    // Nothing of ours: no PG* for the driver to fall back to, no key, no database address.
    env: { NODE_ENV: "production" },
    execArgv: [`--max-old-space-size=${HEAP_MIB}`, cpuGuard(CPU_MS)],
    stdio: ["ignore", "ignore", "ignore", "ipc"],
    serialization: "advanced",
    signal: AbortSignal.any([signal, AbortSignal.timeout(MAX_MS)]),
    killSignal: "SIGKILL",
  });
  const ended = countWorker("import");
  let wasKilled = false;
  const answer = await new Promise<ReadAnswer | undefined>((resolve) => {
    child.once("message", (message: ReadAnswer) => resolve(message));
    child.once("exit", (_, by) => {
      wasKilled = by === "SIGKILL";
      resolve(undefined);
    });
    child.once("error", () => undefined);
    child.send(job, () => undefined);
  });
  child.kill("SIGKILL");
  ended(answer !== undefined);
  if (answer?.kind === "rows") return answer.rows;
  if (answer) throw new Refusal(answer.code, answer.message, { fields: answer.fields });
  if (wasKilled)
    throw new Refusal("unavailable", "It could not be read just now. Try again in a moment.", {
      retryAfterSeconds: 30,
    });
  throw new Refusal("invalid", "It cannot be read: it is damaged, or reading it takes too much time or memory");
}
