// Runs a test tool and knows at every moment what it is at: what has passed when it is cut, and when it has gone silent.
import { spawn } from "node:child_process";
import { say } from "./say.mjs";

/** A person who watches wants a sign of life this often. */
const SIGN_MS = 25_000;
/** What was told to end has this long. */
const END_MS = 10_000;

/**
 * @typedef {object} Watched
 * @property {string} output all that the tool said
 * @property {number | null} code its exit code; null when it was cut
 * @property {string | undefined} cut why it was ended before its own end
 * @property {{ passed: number, skipped: number, failures: { name: string, why: string }[] }} soFar what its reporter told of
 */

/**
 * @param {string} what the step, for the signs of life
 * @param {string[]} args for Node
 * @param {{ silentMs: number, env?: Record<string, string | undefined>, signal?: AbortSignal, signMs?: number }} options silentMs: so
 * long may nothing begin or end; signal ends the tool
 * @returns {Promise<Watched>}
 */
export function watchedRun(what, args, { silentMs, env = process.env, signal, signMs = SIGN_MS }) {
  const soFar = { passed: 0, skipped: 0, failures: [] };
  const running = new Map();
  const output = [];
  let cut;
  let heard = Date.now();
  // A group of its own, so that what it started ends with it.
  const child = spawn(process.execPath, args, { env, detached: true, stdio: ["ignore", "pipe", "pipe", "ipc"] });
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk) => {
      heard = Date.now();
      output.push(chunk);
    });
  }
  child.on("message", (message) => {
    heard = Date.now();
    note(message, running, soFar);
  });
  const end = (why) => {
    cut ??= why;
    endGroup(child);
  };
  const onAbort = () => end("was told to end");
  signal?.addEventListener("abort", onAbort, { once: true });
  if (signal?.aborted) onAbort();
  const sign = setInterval(() => {
    say(`${what}: ${soFar.passed} passed, ${soFar.failures.length} failed${atWork(running)}`);
    if (Date.now() - heard > silentMs) end(`was silent for ${Math.round(silentMs / 60_000)} minutes${atWork(running)}`);
  }, signMs);
  return new Promise((resolve) => {
    child.once("error", (error) => output.push(Buffer.from(String(error.message))));
    child.once("close", (code) => {
      clearInterval(sign);
      signal?.removeEventListener("abort", onAbort);
      endGroup(child);
      const text = Buffer.concat(output).toString();
      resolve({
        output: text,
        code: cut ? null : code,
        cut: cut && `${cut}${cut.includes("running") ? "" : atWork(running)}`,
        soFar,
      });
    });
  });
}

function note({ kind, name, state, why }, running, soFar) {
  if (kind === "begun") return void running.set(name, Date.now());
  if (kind !== "ended") return;
  running.delete(name);
  if (state === "passed") soFar.passed++;
  else if (state === "skipped") soFar.skipped++;
  else soFar.failures.push({ name, why });
}

/** What runs, longest first. */
function atWork(running) {
  const [first] = [...running].sort(([, a], [, b]) => a - b);
  if (!first) return "";
  const seconds = Math.round((Date.now() - first[1]) / 1_000);
  return `; running ${first[0]} (${seconds} s)${running.size > 1 ? ` and ${running.size - 1} more` : ""}`;
}

function endGroup(child) {
  signalGroup(child.pid, "SIGTERM");
  setTimeout(() => signalGroup(child.pid, "SIGKILL"), END_MS).unref();
}

/** Nobody left in the group is what is wanted. */
function signalGroup(pid, signal) {
  try {
    process.kill(-pid, signal);
  } catch {}
}
