import type { ChildProcess } from "node:child_process";
import { createInterface } from "node:readline";

/** One who runs commands in a process that stays, for what is made before a test's subject begins. */
export interface Operator {
  /** Runs one, after those before it, and answers what it prints. */
  run: (...args: string[]) => Promise<string>;
  end: () => Promise<void>;
}

/** @param start begins test/servers/run-commands.mjs; it is asked at the first command */
export function operatorOf(start: () => ChildProcess): Operator {
  let child: ChildProcess | undefined;
  let lines: AsyncIterator<string>;
  let before: Promise<unknown> = Promise.resolve();
  const answer = async (args: string[]): Promise<string> => {
    if (!child) {
      child = start();
      if (!child.stdout) throw new Error("The operator has no output");
      lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    }
    child.stdin?.write(`${JSON.stringify(args)}\n`);
    const { value, done } = await lines.next();
    const { code, out } = done ? { code: child.exitCode, out: "" } : JSON.parse(value);
    if (done || code !== 0) throw new Error(`latchkey ${args[0]} ended with ${code}`);
    return out;
  };
  return {
    run: (...args) => {
      const ran = before.then(() => answer(args));
      before = ran.catch(() => undefined);
      return ran;
    },
    end: async () => {
      const ending = child;
      if (!ending || ending.exitCode !== null || ending.signalCode !== null) return;
      const ended = new Promise((done) => ending.once("exit", done));
      ending.stdin?.end();
      await ended;
    },
  };
}
