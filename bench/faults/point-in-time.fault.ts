import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type DebianPostgres, startDebianPostgres } from "../../test/servers/debian-postgres";
import { create, replacement, type Subject, send, subject } from "./client";

const root = new URL("../..", import.meta.url).pathname;
const PGBACKREST = "/usr/bin/pgbackrest";
let postgres: DebianPostgres;
let one: Subject;

/** The configuration that is printed in deploy/backup, with the places of this cluster. */
function configuration(folder: string): string {
  const places: Record<string, string> = {
    "repo1-path": join(folder, "repository"),
    "pg1-path": join(folder, "cluster"),
    "pg1-port": String(postgres.port),
  };
  const printed = readFileSync(join(root, "deploy/backup/pgbackrest.conf"), "utf8");
  const lines = printed.split("\n").map((line) => {
    const name = line.split("=")[0] ?? "";
    return places[name] ? `${name}=${places[name]}` : line;
  });
  const working = `[global]\nlock-path=${folder}\nlog-path=${folder}\nspool-path=${folder}\nlog-level-file=off\n`;
  return lines.join("\n").replace("[global]\n", working).concat(`pg1-socket-path=${folder}\n`);
}

const script = (...args: string[]) =>
  postgres.asItsUser("/bin/sh", [join(root, "deploy/backup/point-in-time.sh"), ...args], {
    PGBACKREST_CONFIG: join(postgres.folder, "pgbackrest.conf"),
  });

beforeAll(async () => {
  if (!existsSync(PGBACKREST)) throw new Error("This experiment needs pgBackRest: apt-get install pgbackrest");
  postgres = await startDebianPostgres();
  const conf = join(postgres.folder, "pgbackrest.conf");
  writeFileSync(conf, configuration(postgres.folder), { mode: 0o644 });
  postgres.asItsUser("/bin/mkdir", [join(postgres.folder, "repository")]);
  await asRoot("ALTER SYSTEM SET archive_mode = on");
  await asRoot(`ALTER SYSTEM SET archive_command = '${PGBACKREST} --config=${conf} --stanza=latchkey archive-push %p'`);
  await postgres.halt();
  await postgres.resume();
  one = await subject({ DATABASE_URL: postgres.url, LATCHKEY_KEY: randomBytes(32).toString("base64") });
});
afterAll(async () => {
  await one.product.stop();
  await postgres.stop();
});

test("F15: brought back to a moment between two changes, the vault serves the first, and every chain is whole", async () => {
  const ids: string[] = [];
  for (let at = 0; at < 200; at++) ids.push(await create(one, `before-${at}`));
  script("begin");
  const backingUp = performance.now();
  script("full");
  console.log(`F15: full backup ${seconds(backingUp)} s`);
  // The end of a backup is known by the second, and a moment within it is before its end.
  await pause(1_100);
  const [id = "", gone = ""] = ids;
  expect((await send(one.product.url, one.user, "PATCH", `/${id}`, replacement("kept"))).status).toBe(200);
  const [{ moment }] = (await asRoot("SELECT clock_timestamp()::text AS moment")).rows;
  expect((await send(one.product.url, one.user, "PATCH", `/${id}`, replacement("undone"))).status).toBe(200);
  expect((await send(one.product.url, one.user, "DELETE", `/${gone}`)).status).toBeLessThan(300);
  await asRoot("SELECT pg_switch_wal()");
  await one.product.terminate();
  // The head's anchors are ahead of where it goes back to: they are of what is undone.
  await postgres.halt();
  const restoring = performance.now();
  script("restore", moment);
  await postgres.resume();
  await promoted();
  console.log(`F15: restored to ${moment} in ${seconds(restoring)} s`);
  await one.product.start();
  const fetched = await send(one.product.url, one.program, "GET", `/${id}/credentials`);
  expect(JSON.stringify(fetched.body)).toContain('"kept"');
  expect((await send(one.product.url, one.program, "GET", `/${gone}/credentials`)).status).toBe(200);
  const none = join(one.product.folder, "no-anchors");
  mkdirSync(join(one.product.folder), { recursive: true });
  writeFileSync(none, "");
  const { stdout } = await one.product.command(["audit", "verify", "--anchors", none, "--json"]);
  for (const { problem, credentials } of JSON.parse(stdout)) expect([problem, credentials]).toEqual([null, []]);
  const anchored = await one.product.command(["audit", "verify", "--json"]).then(
    () => "sound",
    (error: { stdout: string }) => error.stdout,
  );
  // Newer events have the numbers of those that were undone.
  expect(anchored).toMatch(/behind_anchor|differs_from_anchor/);
  const repository = postgres.asItsUser("/usr/bin/du", ["-sb", join(postgres.folder, "repository")]).split("\t")[0];
  const cluster = postgres.asItsUser("/usr/bin/du", ["-sb", postgres.cluster]).split("\t")[0];
  console.log(`F15: ${repository} bytes of repository for a cluster of ${cluster}`);
  expect(statSync(join(postgres.folder, "repository")).isDirectory()).toBe(true);
});

/** It takes connections while it still replays. */
async function promoted(): Promise<void> {
  await expect
    .poll(async () => (await asRoot("SELECT pg_is_in_recovery() AS is")).rows[0].is, { timeout: 60_000 })
    .toBe(false);
}

const seconds = (since: number) => ((performance.now() - since) / 1_000).toFixed(1);

async function asRoot(sql: string): Promise<pg.QueryResult> {
  const db = new pg.Client({ connectionString: postgres.url });
  await db.connect();
  try {
    return await db.query(sql);
  } finally {
    await db.end();
  }
}
