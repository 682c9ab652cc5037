import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { runFolder } from "./run-folder.mjs";
import { watchedRun } from "./watched-run.mjs";

let folder: string;
let said: string[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "latchkey-watched-"));
  said = [];
  vi.spyOn(process.stderr, "write").mockImplementation((text) => said.push(String(text)) > 0);
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true, force: true });
});

/** Arguments that run this as the only file of a suite. */
function suite(code: string): string[] {
  writeFileSync(join(folder, "one.test.js"), code);
  const reporter = join(process.cwd(), "deploy/reporters/vitest.mjs");
  return [
    join(process.cwd(), "node_modules/vitest/vitest.mjs"),
    ...["run", "--globals", "--root", folder, "--reporter=default", `--reporter=${reporter}`],
  ];
}
const HANGS = 'test("hangs", () => new Promise(() => setInterval(() => undefined, 1_000)), 0);';

test("a run that goes silent is cut; what passed stays, and what was running is named", async () => {
  // Speaks as the reporters do, and at once: how long a real tool takes to begin is the machine's affair.
  const tool = join(folder, "tool.mjs");
  writeFileSync(
    tool,
    `process.send({ kind: "begun", name: "one: passes" });
     process.send({ kind: "ended", name: "one: passes", state: "passed", why: "" });
     process.send({ kind: "begun", name: "one: hangs" });
     setInterval(() => undefined, 1_000);`,
  );
  const { cut, code, soFar } = await watchedRun("unit", [tool], { silentMs: 10_000, signMs: 500 });
  expect({ code, soFar }).toEqual({ code: null, soFar: { passed: 1, skipped: 0, failures: [] } });
  expect(cut).toMatch(/^was silent for .*running one: hangs/);
  // Whoever watches heard of it all along.
  expect(said.filter((line) => line.startsWith("unit: 1 passed, 0 failed; running")).length).toBeGreaterThan(3);
});

test("whoever ends a run gets what passed, and nothing it started goes on", async () => {
  const { env, remove } = runFolder();
  const args = suite(`
    import { spawn } from "node:child_process";
    import { writeFileSync } from "node:fs";
    test("starts a server", () => {
      const server = spawn("sleep", ["600"], { detached: true, stdio: "ignore" });
      server.unref();
      writeFileSync(${JSON.stringify(join(folder, "pid"))}, String(server.pid));
    });
    ${HANGS}`);
  const ending = new AbortController();
  const running = watchedRun("unit", args, {
    silentMs: 60_000,
    env: { ...process.env, ...env },
    signal: ending.signal,
    signMs: 300,
  });
  await expect.poll(() => said.some((line) => line.startsWith("unit: 1 passed")), { timeout: 30_000 }).toBe(true);
  ending.abort();
  const { cut, soFar } = await running;
  expect(cut).toContain("was told to end");
  expect(soFar.passed).toBe(1);
  await remove();
  const pid = Number(readFileSync(join(folder, "pid"), "utf8"));
  await expect.poll(() => isAlive(pid), { timeout: 30_000 }).toBe(false);
  expect(existsSync(env.TMPDIR)).toBe(false);
});

test("a failure and a run that breaks are failures, with their words", async () => {
  const failing = await watchedRun("unit", suite('test("fails", () => expect(1).toBe(2));'), { silentMs: 60_000 });
  expect(failing).toMatchObject({ code: 1, cut: undefined });
  expect(failing.soFar.failures).toMatchObject([
    { name: expect.stringContaining("one.test.js: fails"), why: expect.stringContaining("expected 1") },
  ]);
  const broken = await watchedRun("unit", suite("this is no code"), { silentMs: 60_000 });
  expect(broken.code).toBe(1);
});

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
