import { readdirSync, readFileSync } from "node:fs";

/** The processes of one product, told from those of others by its data folder (Linux). */
export interface Processes {
  supervisor: number;
  gateway: number;
  console: number;
}

const SCRIPTS = { console: "deploy/console.mjs", start: "deploy/start.mjs" };

/** @throws Error while one of them is not there */
export function processesOf(folder: string): Processes {
  const ours = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => ({ pid: Number(pid), args: partsOf(pid, "cmdline"), env: partsOf(pid, "environ") }))
    .filter(({ env }) => env.includes(`LATCHKEY_DATA=${folder}`));
  const one = (what: string, is: (args: string[]) => boolean) => {
    const found = ours.filter(({ args }) => is(args)).map(({ pid }) => pid);
    if (found.length !== 1) throw new Error(`There are ${found.length} of ${what}: ${found}`);
    return found[0] as number;
  };
  const runs = (args: string[], script: string) => args.some((arg) => arg.endsWith(script));
  return {
    supervisor: one("supervisor", (args) => runs(args, SCRIPTS.start) && !args.includes("--once")),
    gateway: one("gateway", (args) => runs(args, SCRIPTS.start) && args.includes("--once")),
    console: one("console", (args) => runs(args, SCRIPTS.console)),
  };
}

/** Where the console listens. */
export const socketOf = (console: number): string =>
  partsOf(String(console), "cmdline").find((arg) => arg.includes("latchkey-console-")) ?? "";

export const memoryOf = (pid: number): number =>
  Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) * 1024;

export function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

function partsOf(pid: string, file: "cmdline" | "environ"): string[] {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "utf8").split("\0");
  } catch {
    return [];
  }
}
