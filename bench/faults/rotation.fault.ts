import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { copyFileSync, existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runProgram } from "../product.mjs";
import { query, type Subject, send, subject } from "./client";

const COUNT = 5_000;
let one: Subject;
let program: string;
beforeAll(async () => {
  one = await subject();
  const [seeded] = JSON.parse(await runProgram(one.product, "bench/seed.ts", [String(COUNT)]));
  program = seeded.programToken;
});
afterAll(() => one.product.stop());

const idOf = (n: number) => `018f0000-0000-7000-8000-${n.toString(16).padStart(12, "0")}`;
const key = () => join(one.product.folder, "key");
const status = async () =>
  JSON.parse((await one.product.command(["key", "status", "--json"])).stdout) as {
    keyId: string;
    role: string;
    count: number;
  }[];

/** A sample of every fiftieth row, through the API. */
async function readable(): Promise<number> {
  const answers = await Promise.all(
    Array.from({ length: COUNT / 50 }, (_, at) =>
      send(one.product.url, program, "GET", `/${idOf(at * 50)}/credentials`),
    ),
  );
  return answers.filter(({ status }) => status === 200).length;
}

/** Runs the rotation and kills it once so many rows have moved. */
function rotateUntil(rows: number): Promise<number> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ["deploy/latchkey.mjs", "key", "rotate"], {
      env: one.product.env,
      stdio: ["ignore", "ignore", "pipe"],
      detached: true,
    });
    let moved = 0;
    child.stderr.on("data", (chunk) => {
      moved = Number(/(\d+) moved\s*$/.exec(String(chunk))?.[1] ?? moved);
      if (moved >= rows) process.kill(-(child.pid ?? 0), "SIGKILL");
    });
    child.on("exit", () => resolve(moved));
  });
}

test("F7: a rotation cut off at 10, 50 and 90 % leaves everything readable, refuses early retirement, and ends where it was cut", async () => {
  const cuts = [];
  for (const share of [0.1, 0.4, 0.4]) {
    await rotateUntil(COUNT * share);
    const counts = await status();
    cuts.push(counts.find(({ role }) => role === "current")?.count);
    expect(await readable()).toBe(COUNT / 50);
    expect(counts.every(({ role }) => role !== "unknown")).toBe(true);
  }
  await one.product.terminate();

  // Too early: the old key is taken away while rows still need it.
  const previous = `${key()}.previous`;
  renameSync(previous, `${previous}.aside`);
  const early = await one.product.startRefused();
  expect(early.code).not.toBe(0);
  expect(early.words).toMatch(/Credentials are sealed under keys this process does not have: \d+ under key/);
  renameSync(`${previous}.aside`, previous);

  // Keys that are not the key.
  const text = readFileSync(key(), "utf8");
  copyFileSync(key(), `${key()}.good`);
  for (const wrong of [randomBytes(32).toString("base64"), randomBytes(31).toString("base64")]) {
    writeFileSync(key(), wrong, { mode: 0o600 });
    renameSync(previous, `${previous}.aside`);
    const refused = await one.product.startRefused();
    expect(refused.code, refused.words).not.toBe(0);
    expect(refused.words).toMatch(/does not open|32 bytes/);
    renameSync(`${previous}.aside`, previous);
  }
  renameSync(key(), `${key()}.none`);
  const none = await one.product.startRefused();
  expect(none.code).not.toBe(0);
  expect(existsSync(key())).toBe(false);
  renameSync(`${key()}.none`, key());
  writeFileSync(key(), text, { mode: 0o600 });

  await one.product.start();
  const { stdout } = await one.product.command(["key", "rotate", "--json"]);
  const { moved } = JSON.parse(stdout);
  expect(moved).toBeLessThan(COUNT * 0.3);
  expect(await readable()).toBe(COUNT / 50);
  expect((await status()).map(({ role }) => role)).toEqual(["current"]);
  const [left] = await query<{ count: number }>(
    one.product,
    "SELECT count(DISTINCT key_id)::int AS count FROM credential",
  );
  console.log(
    `F7: under the new key after the cuts: ${cuts.join(", ")} of ${COUNT}; the last run moved ${moved}; keys in use: ${left?.count}`,
  );
  expect(left?.count).toBe(1);
});
