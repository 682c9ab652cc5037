import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ConsoleProcess } from "./console-process";

let folder = "";
let running: ConsoleProcess | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "latchkey-console-test-"));
});

afterEach(async () => {
  await running?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** A console that notes its process id and says it is ready. */
function fakeConsole(): ConsoleProcess {
  const script = join(folder, "console.mjs");
  const note = JSON.stringify(join(folder, "pid"));
  writeFileSync(
    script,
    `import { writeFileSync } from "node:fs";
     writeFileSync(${note}, String(process.pid)); process.on("disconnect", () => process.exit()); process.send("ready");`,
  );
  running = new ConsoleProcess(script);
  return running;
}

const pid = () => Number(readFileSync(join(folder, "pid"), "utf8"));

test("a console that dies is started again", async () => {
  const console = fakeConsole();
  console.start();
  await console.answers;
  const first = pid();
  process.kill(first, "SIGKILL");
  await expect.poll(() => console.up).toBe(false);
  await expect.poll(() => console.up, { timeout: 5_000 }).toBe(true);
  expect(pid()).not.toBe(first);
});

test("a stop ends it for good, and removes its socket's folder", async () => {
  const console = fakeConsole();
  console.start();
  await console.answers;
  expect(statSync(dirname(console.socket)).mode & 0o777).toBe(0o700);
  await console.stop();
  expect(() => process.kill(pid(), 0)).toThrow("ESRCH");
  expect(existsSync(dirname(console.socket))).toBe(false);
});
