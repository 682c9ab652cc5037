// What the commands tell a person, and how they run the tools that do the work.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";

/** Standard output belongs to the command itself (`npm run latchkey` prints data there), so people read standard error. */
export const say = (line) => process.stderr.write(`${line}\n`);

/** A failure that needs no stack trace: its text says what to do. */
export class Trouble extends Error {}

/** Settings may stand in a file `.env` in the root; the environment has precedence. */
export function loadSettingsFile() {
  if (existsSync(".env")) process.loadEnvFile(".env");
}

/**
 * Runs a tool, silent unless it fails; then all it said is in the error.
 * @param {string} what what is being done, for the error
 * @param {string} program
 * @param {string[]} args
 * @param {{ cwd: string, env?: Record<string, string | undefined>, timeoutMs?: number }} options
 */
export function run(what, program, args, { cwd, env = process.env, timeoutMs = 0 }) {
  return new Promise((resolve, reject) => {
    // npx and pnpm are scripts on Windows, which only a shell runs.
    const shell = process.platform === "win32" && program !== process.execPath;
    const child = spawn(program, args, { cwd, env, shell, timeout: timeoutMs, stdio: ["ignore", "pipe", "pipe"] });
    const output = [];
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => output.push(chunk));
    child.on("error", (error) => reject(new Trouble(`${what} failed: ${error.message}`)));
    child.on("close", (code, signal) => {
      const text = Buffer.concat(output).toString();
      if (code === 0) resolve(text);
      else reject(new Trouble(`${what} failed (${signal ?? `exit ${code}`}):\n${text.trim()}`));
    });
  });
}
