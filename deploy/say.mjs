// What the commands tell a person, and how they run the tools that do the work.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";

/**
 * Stands before what people should know on its way to the supervisor, and for each end of a line in it, so that it arrives in one piece
 * and apart from whatever else is printed.
 */
export const FOR_PEOPLE = "\u001f";
/** Behind it, for what went wrong. */
export const WENT_WRONG = "\u001e";
const marked = (text, kind = "") =>
  process.env.LATCHKEY_SUPERVISOR ? FOR_PEOPLE + kind + text.replaceAll("\n", FOR_PEOPLE) : text;

/** Standard output belongs to the command itself (`npm run latchkey` prints data there), so people read standard error. */
export const say = (text) => process.stderr.write(`${marked(text)}\n`);

/** Why it ends. */
export const sayFailure = (text) => process.stderr.write(`${marked(text, WENT_WRONG)}\n`);

/** The answer of `npm start`, which has no data to print. */
export const announce = (text) => process.stdout.write(`${marked(text)}\n`);

/** Whoever read what we print may leave at any time (`| head`): that ends nothing. */
export function outliveReaders() {
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});
}

/** A failure that needs no stack trace: its text says what to do. */
export class Trouble extends Error {}

/** Told to end before it was done. */
export class Stopped extends Error {}

/** Settings may stand in a file `.env` in the root; the environment has precedence. */
export function loadSettingsFile() {
  if (existsSync(".env")) process.loadEnvFile(".env");
}

/** A person who watches wants a sign of life this often. */
const SIGN_MS = 25_000;

/**
 * Runs a tool, silent unless it fails or takes its time; when it fails all it said is in the error. It ends with us.
 * @param {string} what what is being done, for people
 * @param {string} program
 * @param {string[]} args
 * @param {{ cwd: string, env?: Record<string, string | undefined>, timeoutMs?: number, signMs?: number }} options
 */
export function run(what, program, args, { cwd, env = process.env, timeoutMs = 0, signMs = SIGN_MS }) {
  return new Promise((resolve, reject) => {
    // npx and pnpm are scripts on Windows, which only a shell runs.
    const shell = process.platform === "win32" && program !== process.execPath;
    const child = spawn(program, args, { cwd, env, shell, timeout: timeoutMs, stdio: ["ignore", "pipe", "pipe"] });
    const began = Date.now();
    const sign = setInterval(() => say(`${what}: ${Math.round((Date.now() - began) / 1_000)} s so far`), signMs);
    const end = () => child.kill();
    process.once("exit", end);
    const output = [];
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => output.push(chunk));
    const settle = (outcome) => {
      clearInterval(sign);
      process.off("exit", end);
      outcome();
    };
    child.on("error", (error) => settle(() => reject(new Trouble(`${what} failed: ${error.message}`))));
    child.on("close", (code, signal) => {
      const text = Buffer.concat(output).toString();
      const why = new Trouble(`${what} failed (${signal ?? `exit ${code}`}):\n${text.trim()}`);
      settle(() => (code === 0 ? resolve(text) : reject(why)));
    });
  });
}
