import { execFileSync, spawn } from "node:child_process";
import { randomBytes, randomUUID } from "node:crypto";
import { chmodSync, copyFileSync, createReadStream, existsSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { createGunzip } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { stopPostgres } from "../../deploy/embedded-postgres.mjs";
import { runProgram, startProduct } from "../product.mjs";
import { create, replacement, type Subject, send, subject } from "./client";

const CREDENTIALS = 10_000;
const CANARY = `canary-${randomUUID()}`;
let one: Subject;
const ids: string[] = [];
const folders: string[] = [];

beforeAll(async () => {
  one = await subject();
  await runProgram(one.product, "bench/seed.ts", [String(CREDENTIALS)]);
  for (let at = 0; at < 4; at++) ids.push(await create(one, `${CANARY}-${at}`));
});
afterAll(async () => {
  await one.product.stop();
  for (const folder of folders) {
    await stopPostgres(folder);
    rmSync(folder, { recursive: true, force: true });
  }
});

/** Four writers change and fetch until told to stop; answers what failed. */
function writers() {
  let going = true;
  const failed: number[] = [];
  let sent = 0;
  const loops = ids.map(async (id) => {
    for (let round = 0; going; round++) {
      for (const answer of [
        await send(one.product.url, one.user, "PATCH", `/${id}`, replacement(`${CANARY}-${round}`)),
        await send(one.product.url, one.program, "GET", `/${id}/credentials`),
      ]) {
        sent++;
        if (answer.status !== 200) failed.push(answer.status);
      }
    }
  });
  return async () => {
    going = false;
    await Promise.all(loops);
    return { failed, sent };
  };
}

/** A folder that nothing was started from, with the key or without. */
function emptyFolder({ key }: { key: boolean }): string {
  const folder = mkdtempSync(join(tmpdir(), "latchkey-restored-"));
  chmodSync(folder, 0o711);
  folders.push(folder);
  if (key) copyFileSync(join(one.product.folder, "key"), join(folder, "key"));
  return folder;
}

interface Report {
  rows: number;
  bytes: number;
  tables: Record<string, number>;
}

interface Verdict {
  problem: string | null;
  credentials: { problem: string }[];
}

async function backUp(): Promise<{ file: string; report: Report; ms: number }> {
  const file = join(one.product.folder, `${randomUUID()}.backup`);
  const began = performance.now();
  const { stdout } = await one.product.command(["backup", file, "--json"]);
  return { file, report: JSON.parse(stdout), ms: performance.now() - began };
}

test("F15: a backup under load fails no request, holds no plaintext, and is one moment: every chain ends where its head says", async () => {
  const stop = writers();
  await pause(1_000);
  const { file, report, ms } = await backUp();
  const { failed, sent } = await stop();
  console.log(
    `F15: backup of ${report.rows} rows under load: ${(ms / 1_000).toFixed(1)} s with the command's start, ${report.bytes} bytes; ${sent} requests, ${failed.length} failed`,
  );
  expect(failed).toEqual([]);
  expect(sent).toBeGreaterThan(20);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(await occurrences(file, CANARY)).toBe(0);

  const folder = emptyFolder({ key: true });
  const restoring = performance.now();
  const restored = await one.product.command(["restore", file, "--json"], { LATCHKEY_DATA: folder });
  console.log(`F15: restored in ${((performance.now() - restoring) / 1_000).toFixed(1)} s`);
  expect(JSON.parse(restored.stdout).tables).toEqual(report.tables);
  const there = await startProduct({ LATCHKEY_DATA: folder });
  try {
    const { stdout } = await there.command(["audit", "verify", "--json"]).catch((error: { stdout: string }) => error);
    for (const { problem, credentials } of JSON.parse(stdout) as Verdict[]) {
      expect(problem).toBeNull();
      // What the benchmark's seed stores, it stores past the log.
      expect(credentials.filter((one) => one.problem !== "unrecorded")).toEqual([]);
    }
    for (const id of ids) expect((await send(there.url, one.program, "GET", `/${id}/credentials`)).status).toBe(200);
    // Whoever was signed in is not any more; what was acknowledged after the backup is not there.
    expect(report.tables.session).toBeUndefined();
  } finally {
    await there.stop();
  }
});

test("F15: without the key, and with another one, a restore is refused and nothing is made", async () => {
  const { file } = await backUp();
  for (const settings of [undefined, { LATCHKEY_KEY: randomBytes(32).toString("base64") }]) {
    const folder = emptyFolder({ key: false });
    const refused = await one.product.command(["restore", file], { LATCHKEY_DATA: folder, ...settings }).then(
      () => undefined,
      (error: { stderr: string }) => error.stderr,
    );
    expect(refused).toMatch(/No key: set LATCHKEY_KEY|This key is not the one/);
    expect(existsSync(join(folder, "key"))).toBe(false);
    expect(existsSync(join(folder, "audit-anchors.jsonl"))).toBe(false);
  }
});

test("F15: killed at any moment, a restore leaves an empty vault, and the next one fills it", async () => {
  const { file, report } = await backUp();
  const folder = emptyFolder({ key: true });
  let kills = 0;
  for (let afterMs = 500; ; afterMs += 700) {
    const child = spawn(process.execPath, ["deploy/latchkey.mjs", "restore", file, "--json"], {
      env: { ...one.product.env, LATCHKEY_DATA: folder },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let [said, told] = ["", ""];
    child.stdout.on("data", (chunk) => {
      said += chunk;
    });
    child.stderr.on("data", (chunk) => {
      told += chunk;
    });
    const ended = new Promise<number | null>((resolve) => child.once("exit", resolve));
    const timer = setTimeout(() => child.kill("SIGKILL"), afterMs);
    const code = await ended;
    clearTimeout(timer);
    if (code === 0) {
      expect(JSON.parse(said).tables).toEqual(report.tables);
      break;
    }
    if (code === 1 && told.includes("not empty")) {
      // The last kill came behind the end of its transaction: all of it is there.
      const command = ["deploy/latchkey.mjs", "backup", join(folder, "again.backup"), "--json"];
      const env = { ...one.product.env, LATCHKEY_DATA: folder };
      expect(JSON.parse(execFileSync(process.execPath, command, { env, encoding: "utf8" })).tables).toEqual(
        report.tables,
      );
      break;
    }
    expect(code, told).toBeNull();
    kills++;
  }
  console.log(`F15: ${kills} restores killed, the next one whole`);
  expect(kills).toBeGreaterThan(2);
});

/** How often these bytes are in what a backup holds, unpacked. */
async function occurrences(file: string, text: string): Promise<number> {
  let headerBytes = 0;
  for await (const chunk of createReadStream(file)) {
    headerBytes = (chunk as Buffer).indexOf("\n") + 1;
    break;
  }
  const body = createReadStream(file, { start: headerBytes, end: statSync(file).size - 65 }).pipe(createGunzip());
  const hex = Buffer.from(text).toString("hex");
  let [before, found] = ["", 0];
  for await (const chunk of body) {
    const here = before + (chunk as Buffer).toString("latin1");
    if (here.includes(text) || here.includes(hex)) found++;
    before = here.slice(-hex.length);
  }
  return found;
}
