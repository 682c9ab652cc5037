import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { appendFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type DebianPostgres, startDebianPostgres } from "../../test/servers/debian-postgres";
import { type Product, startProduct } from "../product.mjs";
import { create, replacement, type Subject, send, subject } from "./client";

const root = new URL("../..", import.meta.url).pathname;
let postgres: DebianPostgres;
let older: Subject;
let newer: Product | undefined;
let tree: string;
const settings: Record<string, string> = {};
const ids: string[] = [];

beforeAll(async () => {
  postgres = await startDebianPostgres();
  Object.assign(settings, { DATABASE_URL: postgres.url, LATCHKEY_KEY: randomBytes(32).toString("base64") });
  older = await subject(settings);
  for (let at = 0; at < 6; at++) ids.push(await create(older));
  tree = treeOfNextVersion();
});
afterAll(async () => {
  await newer?.stop();
  await older.product.stop();
  await postgres.stop();
  rmSync(tree, { recursive: true, force: true });
});

/** This program with one more migration, as an expanding one is to be: new column, new table, all functions anew. */
function treeOfNextVersion(): string {
  const folder = mkdtempSync(join(tmpdir(), "latchkey-next-"));
  const left = ["node_modules", ".git", "test-results"];
  for (const name of readdirSync(root).filter((entry) => !left.includes(entry)))
    spawnSync("cp", ["-a", join(root, name), folder]);
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  const migrations = join(folder, "prisma/migrations");
  const served = readdirSync(migrations)
    .filter((name) => name !== "migration_lock.toml")
    .sort()
    .at(-1);
  const name = "29990101000000_next";
  mkdirSync(join(migrations, name));
  writeFileSync(
    join(migrations, name, "migration.sql"),
    `ALTER TABLE credential ADD COLUMN next_note TEXT NOT NULL DEFAULT '';
     CREATE TABLE next_thing (org_id UUID NOT NULL, id UUID NOT NULL, PRIMARY KEY (org_id, id));
     CREATE INDEX next_thing_id ON next_thing (id);
     GRANT SELECT, INSERT ON next_thing TO latchkey_app;
     ALTER TABLE next_thing ENABLE ROW LEVEL SECURITY;
     ALTER TABLE next_thing FORCE ROW LEVEL SECURITY;
     UPDATE schema_compatibility SET migration = '${name}', serves_from = '${served}';`,
  );
  for (const file of readdirSync(join(folder, "prisma/functions")))
    appendFileSync(join(folder, "prisma/functions", file), "\n-- as the next version has it\n");
  return folder;
}

/** What a load balancer does: sends to the instances that are in it, and lets the rest finish what they have. */
function load(user: string, program: string) {
  let serving: string[] = [];
  let going = true;
  let turn = 0;
  const under = new Map<string, number>();
  const failed: string[] = [];
  let sent = 0;
  let slowestMs = 0;
  const ask = async (token: string, method: string, path: string, body?: unknown) => {
    const url = serving[turn++ % serving.length] ?? "";
    under.set(url, (under.get(url) ?? 0) + 1);
    const { status, ms } = await send(url, token, method, path, body);
    under.set(url, (under.get(url) ?? 1) - 1);
    sent++;
    slowestMs = Math.max(slowestMs, ms);
    if (status !== 200) failed.push(`${method} ${status} at ${url}`);
  };
  const loops = (first: string[]) => {
    serving = first;
    return ids.map(async (id, at) => {
      for (let round = 0; going; round++) {
        await ask(user, "PATCH", `/${id}`, replacement(`${at}-${round}`));
        await ask(program, "GET", `/${id}/credentials`);
      }
    });
  };
  let running: Promise<void>[] = [];
  return {
    begin: (first: string[]) => {
      running = loops(first);
    },
    /** From now on to these alone; settles when the others have finished. */
    sendTo: async (urls: string[]) => {
      const left = serving.filter((url) => !urls.includes(url));
      serving = urls;
      while (left.some((url) => (under.get(url) ?? 0) > 0)) await pause(10);
    },
    end: async () => {
      going = false;
      await Promise.all(running);
      return { sent, failed, slowestMs };
    },
  };
}

test("F16: a newer version migrates beside the older one, takes over and is taken back without a failed request", async () => {
  const { product, user, program } = older;
  const balancer = load(user, program);
  balancer.begin([product.url]);
  await pause(1_000);
  newer = await startProduct(settings, tree);
  expect((await fetch(`${product.url}/api/health`)).status).toBe(200);
  await balancer.sendTo([product.url, newer.url]);
  await pause(2_000);
  await balancer.sendTo([newer.url]);
  await product.terminate();
  await pause(2_000);
  // The program is rolled back; the database is not.
  await product.start();
  await balancer.sendTo([product.url, newer.url]);
  await pause(2_000);
  await balancer.sendTo([product.url]);
  await newer.terminate();
  await pause(2_000);
  const { sent, failed, slowestMs } = await balancer.end();
  console.log(
    `F16: ${sent} requests through upgrade and rollback, ${failed.length} failed, the slowest ${Math.round(slowestMs)} ms`,
  );
  const told = [product, newer].flatMap((one) => one.log().split("\n")).filter((line) => /"level":[56]0/.test(line));
  expect([failed, told]).toEqual([[], []]);
  expect(sent).toBeGreaterThan(100);
  const { stdout } = await product.command(["audit", "verify", "--json"]);
  for (const { problem, credentials } of JSON.parse(stdout)) expect([problem, credentials]).toEqual([null, []]);
  const { rows } = await countOfNext();
  expect(rows).toEqual([{ there: true }]);
});

async function countOfNext() {
  const { default: pg } = await import("pg");
  const db = new pg.Client({ connectionString: postgres.url });
  await db.connect();
  try {
    return await db.query("SELECT to_regclass('next_thing') IS NOT NULL AS there");
  } finally {
    await db.end();
  }
}
