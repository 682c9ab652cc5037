import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { expect, test } from "vitest";

const node = (script: string, env = {}) =>
  spawn(process.execPath, ["--input-type=module", "-e", script], { env: { ...process.env, ...env } });

test("what takes its time gives a sign of life", () => {
  const script = `
    import { run } from "./deploy/say.mjs";
    await run("Building", process.execPath, ["-e", "setTimeout(() => {}, 1000)"], { cwd: ".", signMs: 200 });`;
  const { stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", script]);
  expect(String(stderr)).toMatch(/^(Building: \d s so far\n)+$/);
});

test("a tool ends with the process that runs it", async () => {
  const child = node(`
    import { run } from "./deploy/say.mjs";
    run("x", process.execPath, ["-e", "require('fs').writeSync(1, String(process.pid)); setTimeout(() => {}, 60000)"], { cwd: "." });
    setTimeout(() => process.exit(0), 500);
    const [tool] = process._getActiveHandles().filter(({ spawnfile }) => spawnfile);
    console.log(tool.pid);`);
  let said = "";
  child.stdout.on("data", (chunk) => (said += chunk));
  await once(child, "close");
  const pid = Number(said);
  expect(pid).toBeGreaterThan(0);
  await expect.poll(() => isAlive(pid), { timeout: 5_000 }).toBe(false);
});

test("nothing ends because nobody reads any more", async () => {
  const child = node(`
    import { outliveReaders, say, announce } from "./deploy/say.mjs";
    outliveReaders();
    process.stdin.once("data", async () => {
      for (let at = 0; at < 5; at++) { say("x"); announce("x"); await new Promise((next) => setTimeout(next, 20)); }
      process.exit(7);
    });`);
  child.stdout.destroy();
  child.stderr.destroy();
  child.stdin.write("\n");
  expect(await once(child, "exit")).toEqual([7, null]);
});

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
