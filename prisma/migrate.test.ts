import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { migrate } from "./migrate.mjs";

// Each of these starts Prisma's command line several times, which a busy machine takes its time over.
vi.setConfig({ testTimeout: 90_000 });

const root = fileURLToPath(new URL("..", import.meta.url));
const ours = join(root, "prisma/migrations");

describe("the committed migrations", () => {
  test("lead to the committed schema", async () => {
    const from = ["--from-migrations", ours, "--to-schema", "prisma/schema.prisma"];
    const { code, output } = await prisma(["migrate", "diff", ...from, "--exit-code"], await database());
    expect([code, output]).toEqual([0, expect.stringContaining("No difference detected")]);
  });

  test("applied by the runner, are up to date for Prisma", async () => {
    const url = await database();
    expect(await migrate(url, ours, () => {})).not.toHaveLength(0);
    expect(await prisma(["migrate", "status"], url)).toMatchObject({
      code: 0,
      output: expect.stringContaining("up to date"),
    });
    expect(await prisma(["migrate", "deploy"], url)).toMatchObject({ output: expect.stringContaining("No pending") });
  });

  test("applied by Prisma, leave the runner nothing to do", async () => {
    const url = await database();
    expect(await prisma(["migrate", "deploy"], url)).toMatchObject({ code: 0 });
    expect(await migrate(url, ours, () => {})).toEqual([]);
  });

  test("are applied once when several processes start together", async () => {
    const url = await database();
    const applied = await Promise.all([1, 2, 3].map(() => migrate(url, ours, () => {})));
    expect(applied.filter((names) => names.length > 0)).toHaveLength(1);
  });
});

describe("a migration that fails", () => {
  test("leaves nothing half done, is marked as failed, and stops the runner and Prisma alike", async () => {
    const url = await database();
    const folder = migrationFolder({
      "1_good": "CREATE TABLE good (id int);",
      "2_bad": "CREATE TABLE half (id int); SELECT 1/0;",
    });
    await expect(migrate(url, folder, () => {})).rejects.toThrow("2_bad failed: division by zero");
    expect(await query(url, "SELECT to_regclass('good') AS good, to_regclass('half') AS half")).toEqual([
      { good: "good", half: null },
    ]);
    const [row] = await query(url, `SELECT finished_at, logs FROM "_prisma_migrations" WHERE migration_name = '2_bad'`);
    expect(row).toEqual({ finished_at: null, logs: "22012: division by zero" });
    await expect(migrate(url, folder, () => {})).rejects.toThrow("2_bad failed at");
    const config = configFor(folder);
    expect(await prisma(["migrate", "deploy"], url, config)).toMatchObject({
      code: 1,
      output: expect.stringContaining("P3009"),
    });
    await prisma(["migrate", "resolve", "--rolled-back", "2_bad"], url, config);
    writeFileSync(join(folder, "2_bad/migration.sql"), "CREATE TABLE half (id int);");
    expect(await migrate(url, folder, () => {})).toEqual(["2_bad"]);
  });

  test("is told when it was changed after it was applied", async () => {
    const url = await database();
    const folder = migrationFolder({ "1_good": "CREATE TABLE good (id int);" });
    await migrate(url, folder, () => {});
    writeFileSync(join(folder, "1_good/migration.sql"), "CREATE TABLE other (id int);");
    const lines: string[] = [];
    expect(await migrate(url, folder, (line) => lines.push(line))).toEqual([]);
    expect(lines).toEqual(["warning: 1_good was changed after it was applied"]);
  });
});

const owner = () => process.env.TEST_OWNER_DATABASE_URL ?? "";
const made: string[] = [];
let temporary = "";

beforeAll(() => {
  temporary = mkdtempSync(join(tmpdir(), "latchkey-migrations-"));
});

afterAll(async () => {
  rmSync(temporary, { recursive: true, force: true });
  for (const name of made) await query(owner(), `DROP DATABASE ${name} WITH (FORCE)`);
});

async function database(): Promise<string> {
  const name = `migrate_${randomUUID().replaceAll("-", "")}`;
  await query(owner(), `CREATE DATABASE ${name}`);
  made.push(name);
  return Object.assign(new URL(owner()), { pathname: `/${name}` }).href;
}

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

function migrationFolder(scripts: Record<string, string>): string {
  const folder = mkdtempSync(join(temporary, "set-"));
  writeFileSync(join(folder, "migration_lock.toml"), 'provider = "postgresql"\n');
  for (const [name, sql] of Object.entries(scripts)) {
    mkdirSync(join(folder, name));
    writeFileSync(join(folder, name, "migration.sql"), sql);
  }
  return folder;
}

/** The product's configuration with another folder of migrations. */
function configFor(folder: string): string {
  const file = join(folder, "config.mjs");
  writeFileSync(
    file,
    `process.env.PRISMA_SCHEMA_ENGINE_BINARY = ${JSON.stringify(join(root, "prisma/schema-engine.mjs"))};
     export default { schema: ${JSON.stringify(join(root, "prisma/schema.prisma"))},
       migrations: { path: ${JSON.stringify(folder)} }, datasource: { url: process.env.DATABASE_URL } };`,
  );
  return file;
}

function prisma(args: string[], url: string, config = "prisma/config.ts"): Promise<{ code: number; output: string }> {
  const command = [join(root, "node_modules/prisma/build/index.js"), ...args, "--config", config];
  const env = { ...process.env, DATABASE_URL: url, CHECKPOINT_DISABLE: "1" };
  return new Promise((resolve) => {
    execFile(process.execPath, command, { cwd: root, env }, (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === "number" ? error.code : 0, output: stdout + stderr });
    });
  });
}
