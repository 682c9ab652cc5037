// Starts the server again when it ends without having been told to.
import { fork } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { say } from "./say.mjs";

/** Waits before the next try, while it keeps ending; one that ran for a minute was well. */
const BACKOFF_MS = [100, 500, 1_000, 2_000, 5_000, 15_000];
const WELL_MS = 60_000;

/**
 * Runs a server in a child until it ends by itself, is told to stop, or fails before it was ever open. Never returns.
 * @param {string} script says "open" over its channel once it serves, and ends when that channel is cut
 * @param {string[]} args
 */
export async function supervise(script, args) {
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
    child = fork(script, args, { env: { ...process.env, LATCHKEY_SUPERVISOR: String(process.pid) } });
    child.on("message", (message) => {
      everOpen ||= message === "open";
    });
    const { code, signal } = await endOf(child);
    if (told || code === 0 || !everOpen) process.exit(code ?? 1);
    if (Date.now() - began > WELL_MS) failures = 0;
    say(`The server ended (${signal ?? code}); starting it again`);
    await sleep(BACKOFF_MS[Math.min(failures, BACKOFF_MS.length - 1)]);
    if (told) process.exit(0);
  }
}

const endOf = (child) =>
  new Promise((resolve) => {
    child.once("exit", (code, signal) => resolve({ code, signal }));
    child.once("error", () => resolve({ code: 1, signal: null }));
  });
