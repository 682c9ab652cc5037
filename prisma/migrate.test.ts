import { execFile, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { migrate } from "./migrate.mjs";

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
    expect((await migrate(url, ours, () => {})).applied).not.toHaveLength(0);
    expect(await prisma(["migrate", "status"], url)).toMatchObject({
      code: 0,
      output: expect.stringContaining("up to date"),
    });
    expect(await prisma(["migrate", "deploy"], url)).toMatchObject({ output: expect.stringContaining("No pending") });
  });

  test("applied by Prisma, leave the runner nothing to do", async () => {
    const url = await database();
    expect(await prisma(["migrate", "deploy"], url)).toMatchObject({ code: 0 });
    expect((await migrate(url, ours, () => {})).applied).toEqual([]);
  });

  test("are applied once when several processes start together", async () => {
    const url = await database();
    const results = await Promise.all([1, 2, 3].map(() => migrate(url, ours, () => {})));
    expect(results.filter(({ applied }) => applied.length > 0)).toHaveLength(1);
  });
});

describe("a migration that fails", () => {
  test("leaves nothing half done, is marked for Prisma, and is tried again once it is mended", async () => {
    const url = await database();
    const folder = migrationFolder({
      "1_good": "CREATE TABLE good (id int);",
      "2_bad": "CREATE TABLE half (id int); SELECT 1/0;",
    });
    await expect(migrate(url, folder, () => {})).rejects.toThrow(
      "2_bad failed, and nothing of it was done: division by zero",
    );
    expect(await query(url, "SELECT to_regclass('good') AS good, to_regclass('half') AS half")).toEqual([
      { good: "good", half: null },
    ]);
    const [row] = await query(url, `SELECT finished_at, logs FROM "_prisma_migrations" WHERE migration_name = '2_bad'`);
    expect(row).toEqual({ finished_at: null, logs: "22012: division by zero" });
    await expect(migrate(url, folder, () => {})).rejects.toThrow("2_bad failed");
    expect(await prisma(["migrate", "deploy"], url, configFor(folder))).toMatchObject({
      code: 1,
      output: expect.stringContaining("P3009"),
    });
    writeFileSync(join(folder, "2_bad/migration.sql"), "CREATE TABLE half (id int);");
    expect((await migrate(url, folder, () => {})).applied).toEqual(["2_bad"]);
    expect(await prisma(["migrate", "deploy"], url, configFor(folder))).toMatchObject({ code: 0 });
  });
});

describe("a database with another history", () => {
  test("is refused when a script was changed after it was applied", async () => {
    const url = await database();
    const folder = migrationFolder({ "1_good": "CREATE TABLE good (id int);" });
    await migrate(url, folder, () => {});
    writeFileSync(join(folder, "1_good/migration.sql"), "CREATE TABLE other (id int);");
    await expect(migrate(url, folder, () => {})).rejects.toThrow("1_good was changed after it was applied");
  });

  test("is refused by an older program, which changes nothing in it", async () => {
    const url = await database();
    await migrate(url, migrationFolder({ "1_a": "SELECT 1;", "3_newer": "SELECT 1;" }), () => {});
    const older = migrationFolder({ "1_a": "SELECT 1;", "2_b": "CREATE TABLE mine (id int);" });
    await expect(migrate(url, older, () => {})).rejects.toThrow("newer than this program: it has 3_newer");
    expect(await query(url, "SELECT to_regclass('mine') AS mine")).toEqual([{ mine: null }]);
  });
});

describe("a runner that is killed", () => {
  test("at any statement of any migration leaves a database that the next start brings up to date", async () => {
    const names = readdirSync(ours).filter((name) => existsSync(join(ours, name, "migration.sql")));
    const url = await database();
    let cuts = 0;
    for (const [at, name] of names.entries()) {
      const statements = statementsOf(readFileSync(join(ours, name, "migration.sql"), "utf8"));
      const folder = await upTo(names.slice(0, at));
      mkdirSync(join(folder, name));
      // Each start begins with what the one before left behind, and gets as far as its own end.
      for (let cut = 0; cut <= statements.length; cut++) {
        // The connection ends there, as that of a killed process does.
        const killed = [
          ...statements.slice(0, cut),
          "SELECT pg_terminate_backend(pg_backend_pid())",
          ...statements.slice(cut),
        ];
        writeFileSync(join(folder, name, "migration.sql"), killed.join(";\n"));
        await expect(
          migrate(url, folder, () => {}),
          `${name}, statement ${cut}`,
        ).rejects.toThrow("terminating connection");
        cuts++;
      }
      expect((await migrate(url, await upTo(names.slice(0, at + 1)), () => {})).applied, name).toEqual([name]);
    }
    expect(cuts).toBeGreaterThan(100);
    const from = ["--from-config-datasource", "--to-schema", "prisma/schema.prisma"];
    const { code, output } = await prisma(["migrate", "diff", ...from, "--exit-code"], url);
    expect([code, output]).toEqual([0, expect.stringContaining("No difference detected")]);
  });

  test("by SIGKILL while it waits in a script lets the next one go on at once", async () => {
    const url = await database();
    const slow = migrationFolder({ "1_slow": "CREATE TABLE t (id int); SELECT pg_sleep(600);" });
    const child = spawn(process.execPath, [join(root, "prisma/migrate.mjs"), slow], {
      env: { ...process.env, DATABASE_URL: url, MIGRATION_DATABASE_URL: "" },
    });
    const asleep =
      "SELECT pid FROM pg_stat_activity WHERE query LIKE '%pg_sleep(600)%' AND datname = current_database() AND pid <> pg_backend_pid()";
    await expect.poll(() => query(url, asleep), { timeout: 30_000 }).toHaveLength(1);
    child.kill("SIGKILL");
    const [{ pid }] = (await query(url, asleep)) as [{ pid: number }];
    // Its server process ends when it next looks at its connection; here somebody ends it.
    await query(url, `SELECT pg_terminate_backend(${pid})`);
    const mended = migrationFolder({ "1_slow": "CREATE TABLE t (id int);" });
    expect((await migrate(url, mended, () => {})).applied).toEqual(["1_slow"]);
  });

  test.each(["before the script was done", "after it, and before it was noted"])(
    "of an earlier version %s stands in nobody's way",
    async (when) => {
      const names = readdirSync(ours).filter((name) => existsSync(join(ours, name, "migration.sql")));
      // Follows one migration behind, so that each is tried where only those before it were applied.
      const before = await database();
      for (const [at, name] of names.entries()) {
        await migrate(before, await upTo(names.slice(0, at)), () => {});
        const url = await database(before);
        if (when.startsWith("after")) await migrate(url, await upTo(names.slice(0, at + 1)), () => {});
        await query(
          url,
          `CREATE TABLE IF NOT EXISTS "_prisma_migrations" (id VARCHAR(36) PRIMARY KEY, checksum VARCHAR(64) NOT NULL, finished_at TIMESTAMPTZ,
             migration_name VARCHAR(255) NOT NULL, logs TEXT, rolled_back_at TIMESTAMPTZ,
             started_at TIMESTAMPTZ NOT NULL DEFAULT now(), applied_steps_count INTEGER NOT NULL DEFAULT 0);
           DELETE FROM "_prisma_migrations" WHERE migration_name = '${name}';
           INSERT INTO "_prisma_migrations" (id, checksum, migration_name) VALUES ('left', 'x', '${name}')`,
        );
        expect((await migrate(url, await upTo(names.slice(0, at + 1)), () => {})).applied, name).toEqual([name]);
        await drop(url);
      }
    },
  );
});

describe("an owner who is no superuser", () => {
  test("and lacks rights is told all of them before anything is done; what is printed runs, and then it works", async () => {
    const { url, asRoot, name } = await ownersDatabase("NOCREATEROLE");
    await query(asRoot, `REVOKE CREATE ON SCHEMA public FROM PUBLIC; ALTER DATABASE ${name} OWNER TO CURRENT_USER`);
    const refusal = await migrate(url, ours, () => {}).then(
      () => "",
      (error: Error) => error.message,
    );
    expect(refusal).toContain("Nothing was done");
    expect(
      await query(asRoot, "SELECT FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'"),
    ).toEqual([]);
    const printed = refusal
      .split("\n")
      .slice(1)
      .map((line) => line.trim());
    expect(printed.filter((line) => line.startsWith("GRANT")).length).toBeGreaterThanOrEqual(2);
    for (const line of printed) await query(asRoot, line).catch((error) => expect(error.code).toBe("42710"));
    expect((await migrate(url, ours, () => {})).role).toBe("latchkey_app");
  });

  test("takes a role that a database administrator made beforehand", async () => {
    const { url, asRoot, name } = await ownersDatabase("NOCREATEROLE");
    await query(asRoot, `CREATE ROLE ${name}_app NOLOGIN; GRANT ${name}_app TO ${name}`);
    const { role } = await migrate(url, ours, () => {}, { role: `${name}_app` });
    expect(role).toBe(`${name}_app`);
    expect(await query(asRoot, "SELECT has_table_privilege('latchkey_app', 'credential', 'SELECT') AS theirs")).toEqual(
      [{ theirs: false }],
    );
    // Found again without being named.
    expect(await migrate(url, ours, () => {})).toEqual({ applied: [], role });
    await expect(migrate(url, ours, () => {}, { role: "another" })).rejects.toThrow("leave the setting out");
  });

  test("has an installation of their own beside another owner's in the same cluster", async () => {
    // The usual role is there, and somebody else's.
    const [one, other] = [await ownersDatabase("CREATEROLE"), await ownersDatabase("CREATEROLE")];
    const roles = [(await migrate(one.url, ours, () => {})).role, (await migrate(other.url, ours, () => {})).role];
    for (const [at, { asRoot }] of [one, other].entries()) {
      expect(await query(asRoot, `SELECT has_table_privilege('${roles[at]}', 'credential', 'SELECT') AS own`)).toEqual([
        { own: true },
      ]);
    }
    expect(new Set(roles).size).toBe(2);
  });
});

/** A role that signs in and owns a database of its own; both are gone after the run. */
async function ownersDatabase(
  right: "CREATEROLE" | "NOCREATEROLE",
): Promise<{ url: string; asRoot: string; name: string }> {
  const name = `owner_${randomUUID().replaceAll("-", "")}`;
  await query(owner(), `CREATE ROLE ${name} LOGIN ${right} PASSWORD '${name}'`);
  await query(owner(), `CREATE DATABASE ${name} OWNER ${name}`);
  made.push(name);
  roles.push(name);
  const asRoot = Object.assign(new URL(owner()), { pathname: `/${name}` }).href;
  return { url: Object.assign(new URL(asRoot), { username: name, password: name }).href, asRoot, name };
}

async function upTo(names: string[]): Promise<string> {
  const folder = migrationFolder({});
  for (const name of names) cpSync(join(ours, name), join(folder, name), { recursive: true });
  return folder;
}

async function drop(url: string): Promise<void> {
  const name = new URL(url).pathname.slice(1);
  await query(owner(), `DROP DATABASE ${name} WITH (FORCE)`);
  made.splice(made.indexOf(name), 1);
}

/** Splits a script at the semicolons that are in no text, comment or function body. */
function statementsOf(sql: string): string[] {
  const parts = sql.match(/--[^\n]*|'(?:[^']|'')*'|\$\$[\s\S]*?\$\$|;|[^-'$;]+|[-'$]/g) ?? [];
  const statements = [""];
  for (const part of parts) {
    if (part === ";") statements.push("");
    else statements[statements.length - 1] += part;
  }
  return statements.filter((one) => one.replaceAll(/--[^\n]*/g, "").trim() !== "");
}

const owner = () => process.env.TEST_OWNER_DATABASE_URL ?? "";
const made: string[] = [];
const roles: string[] = [];
let temporary = "";

beforeAll(() => {
  temporary = mkdtempSync(join(tmpdir(), "latchkey-migrations-"));
});

afterAll(async () => {
  rmSync(temporary, { recursive: true, force: true });
  for (const name of made) await query(owner(), `DROP DATABASE ${name} WITH (FORCE)`);
  for (const name of roles)
    await query(owner(), `DROP ROLE IF EXISTS latchkey_app_${name}`.slice(0, 85)).catch(() => undefined);
});

async function database(like?: string): Promise<string> {
  const name = `migrate_${randomUUID().replaceAll("-", "")}`;
  const template = like ? new URL(like).pathname.slice(1) : "template1";
  await query(owner(), `CREATE DATABASE ${name} TEMPLATE ${template}`);
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
