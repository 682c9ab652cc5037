import "server-only";
import { fork } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { Refusal } from "@/lib/refusal";
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

/** Longest that reading may take. */
const MAX_MS = 90_000;
/** JavaScript's memory of one reading; that of SQLite is limited apart from this. */
const HEAP_MIB = 512;

/** @throws Refusal what the source refused with; "invalid" when reading took too long or too much; "unavailable" without the bundle */
export async function readInChild(job: ReadJob, signal: AbortSignal): Promise<SourceRow[]> {
  // The path is not known when this module is bundled, and must not be followed then.
  const path = entry ?? join(/* turbopackIgnore: true */ process.cwd(), "dist", "reader.js");
  if (!existsSync(path)) throw new Refusal("unavailable", "Imports are not available: the reader is not built");
  const child = fork(/* turbopackIgnore: true */ path, [], {
    // Nothing of ours: no PG* for the driver to fall back to, no key, no database address.
    env: { NODE_ENV: "production" },
    execArgv: [`--max-old-space-size=${HEAP_MIB}`],
    stdio: ["ignore", "ignore", "ignore", "ipc"],
    serialization: "advanced",
    signal: AbortSignal.any([signal, AbortSignal.timeout(MAX_MS)]),
    killSignal: "SIGKILL",
  });
  const answer = await new Promise<ReadAnswer | undefined>((resolve) => {
    child.once("message", (message: ReadAnswer) => resolve(message));
    child.once("exit", () => resolve(undefined));
    child.once("error", () => resolve(undefined));
    child.send(job, () => undefined);
  });
  child.kill("SIGKILL");
  if (answer?.kind === "rows") return answer.rows;
  if (answer) throw new Refusal(answer.code, answer.message, { fields: answer.fields });
  throw new Refusal("invalid", "It cannot be read: it is damaged, or reading it takes too much time or memory");
}
