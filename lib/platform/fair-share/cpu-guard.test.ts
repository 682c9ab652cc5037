import { spawn } from "node:child_process";
import { expect, test } from "vitest";
import { cpuGuard, TOO_COSTLY } from "./cpu-guard";

const endOf = (work: string) =>
  new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) => {
    const child = spawn(process.execPath, [cpuGuard(1_000), "--eval", work], { stdio: "ignore" });
    child.once("close", (code, signal) => resolve({ code, signal }));
  });

test("a process is ended for the processor time that it takes, in the middle of a computation, and not for waiting", async () => {
  const computing = endOf("for (;;);");
  const waiting = endOf("setTimeout(() => process.exit(7), 2_000);");
  expect(await computing).toEqual({ code: null, signal: TOO_COSTLY });
  expect(await waiting).toEqual({ code: 7, signal: null });
});
