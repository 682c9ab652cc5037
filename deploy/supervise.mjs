// Starts the server again when it ends without having been told to, and brings all that it prints into one form.
import { fork } from "node:child_process";
import { once } from "node:events";
import { resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { logFormat } from "./log-text.mjs";
import { oneLog } from "./one-log.mjs";

/** Waits before the next try, while it keeps ending; one that ran for a minute was well. */
const BACKOFF_MS = [100, 500, 1_000, 2_000, 5_000, 15_000];
const WELL_MS = 60_000;
/** What a process that has ended had printed is read for so long; another may hold its streams. */
const LAST_WORDS_MS = 1_000;

/**
 * Runs a server in a child until it ends by itself, is told to stop, or fails before it was ever open. Never returns.
 * @param {string} script says "open" over its channel once it serves, and ends when that channel is cut
 * @param {string[]} args
 */
export async function supervise(script, args) {
  const log = oneLog((text, stream) => process[stream].write(text), { format: logFormat(process.env, process.stdout) });
  let child;
  let told = false;
  let everOpen = false;
  for (const signal of ["SIGTERM", "SIGINT"]) {
    process.on(signal, () => {
      told = true;
      child?.kill(signal);
    });
  }
  for (let failures = 0; ; failures++) {
    const began = Date.now();
    // Its number is the one to send a signal to: who else names a process means this one.
    const env = { ...process.env, LATCHKEY_SUPERVISOR: String(process.pid) };
    child = fork(script, args, { env, stdio: ["inherit", "pipe", "pipe", "ipc"] });
    const ends = ["stdout", "stderr"].map((stream) => log.read(child[stream], stream));
    child.on("message", (message) => {
      everOpen ||= message === "open";
    });
    const { code, signal } = await endOf(child);
    for (const end of ends) end();
    if (told) process.exit(code ?? 0);
    if (code === 0) process.exit(0);
    if (!everOpen) {
      await endWhatItBegan();
      process.exit(code ?? 1);
    }
    if (Date.now() - began > WELL_MS) failures = 0;
    log.tell("error", "the server ended; it is started again", { code: String(signal ?? code) });
    await sleep(BACKOFF_MS[Math.min(failures, BACKOFF_MS.length - 1)]);
    if (told) process.exit(0);
  }
}

async function endOf(child) {
  const closed = once(child, "close");
  const [code, signal] = await once(child, "exit").catch(() => [1, null]);
  await Promise.race([closed, sleep(LAST_WORDS_MS)]).catch(() => {});
  return { code, signal };
}

/** A start that failed ends its database itself; one that was killed cannot. */
async function endWhatItBegan() {
  try {
    const { stopIfUnused } = await import("./database.mjs");
    await stopIfUnused(resolve(process.env.LATCHKEY_DATA || ".latchkey"));
  } catch {
    // It failed before there was anything: the packages, the folder.
  }
}
