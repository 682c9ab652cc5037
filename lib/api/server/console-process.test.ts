import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { Client } from "undici";
import { afterEach, beforeEach, expect, test } from "vitest";
import { makeSocketFolder, sweepSocketFolders } from "./console-folder";
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

/**
 * A console that notes its process id, listens on its socket as the real one does, and then says it is ready; `acts`
 * are what it does besides.
 */
function fakeConsole(acts = "", patience = {}): ConsoleProcess {
  const script = join(folder, "console.mjs");
  const note = JSON.stringify(join(folder, "pid"));
  writeFileSync(
    script,
    `import { appendFileSync, writeFileSync } from "node:fs";
     import { createServer } from "node:http";
     writeFileSync(${note}, String(process.pid));
     appendFileSync(${note} + "s", process.pid + " ");
     process.on("disconnect", () => process.exit());
     let answering = true;
     process.on("message", (message) => message === "ping" && answering && process.send("pong"));
     const server = createServer((request, response) => response.end(String(process.pid)));
     const listen = () => server.on("error", () => process.exit(1)).listen(process.argv[2], () => process.send("ready"));
     ${acts || "listen();"}`,
  );
  running = new ConsoleProcess(script, [], patience);
  return running;
}

const pid = () => Number(readFileSync(join(folder, "pid"), "utf8"));
const starts = () => readFileSync(join(folder, "pids"), "utf8").trim().split(" ").length;

async function asked({ socket }: ConsoleProcess): Promise<string> {
  const client = new Client("http://console", { socketPath: socket });
  const { body } = await client.request({ path: "/", method: "GET", reset: true });
  return body.text().finally(() => client.destroy());
}

test("a console that dies however it dies is started again, and answers", async () => {
  const console = fakeConsole();
  console.start();
  await console.answers;
  for (const signal of ["SIGKILL", "SIGABRT", "SIGKILL"] as const) {
    const killed = pid();
    expect(await asked(console)).toBe(String(killed));
    process.kill(killed, signal);
    await expect.poll(() => console.up).toBe(false);
    await expect.poll(() => console.up, { timeout: 10_000 }).toBe(true);
    expect(pid()).not.toBe(killed);
    expect(await asked(console)).toBe(String(pid()));
  }
});

test("a console that does not come up is ended and started again", async () => {
  const once = `if (process.argv[2].endsWith("/1")) setInterval(() => {}, 1_000); else listen();`;
  const console = fakeConsole(once, { readyMs: 3_000, pingMs: 100 });
  console.start();
  await console.answers;
  expect(starts()).toBeGreaterThan(1);
  expect(await asked(console)).toBe(String(pid()));
});

test("a console that hangs is not well, and is ended and started again", async () => {
  const once = `listen(); if (process.argv[2].endsWith("/1")) setTimeout(() => { for (;;); }, 100);`;
  const console = fakeConsole(once, { pingMs: 100, lateMs: 500, deadMs: 3_000 });
  console.start();
  await console.answers;
  expect(console.isWell).toBe(true);
  await expect.poll(() => console.up && !console.isWell, { timeout: 15_000 }).toBe(true);
  await expect.poll(() => console.isWell && starts() > 1, { timeout: 30_000 }).toBe(true);
  expect(await asked(console)).toBe(String(pid()));
});

test("a stop ends it for good, and removes its socket's folder", async () => {
  const console = fakeConsole();
  console.start();
  await console.answers;
  const sockets = dirname(console.socket);
  expect(statSync(sockets).mode & 0o777).toBe(0o700);
  await console.stop();
  expect(() => process.kill(pid(), 0)).toThrow("ESRCH");
  expect(existsSync(sockets)).toBe(false);
});

test("a start sweeps the folders of processes of ours that are gone, and nobody else's", async () => {
  const gone = join(folder, "latchkey-console-999999999-abcdef");
  const listened = join(folder, "latchkey-console-999999998-abcdef");
  const [other, ours] = [join(folder, "latchkey-other-999999999-a"), makeSocketFolder(folder)];
  const { mkdirSync } = await import("node:fs");
  for (const one of [gone, listened, other]) mkdirSync(one);
  writeFileSync(join(gone, "1"), "");
  const server = createServer().listen(join(listened, "1"));
  await sweepSocketFolders(folder);
  server.close();
  expect([gone, listened, other, ours].map((one) => existsSync(one))).toEqual([false, true, true, true]);
});
