import { randomUUID } from "node:crypto";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import pg from "pg";
import { afterAll, describe, expect, test } from "vitest";
import { fingerprintOf, readFunctions } from "./functions.mjs";
import { migrate } from "./migrate.mjs";

const ours = fileURLToPath(new URL("migrations", import.meta.url));
const functions = fileURLToPath(new URL("functions", import.meta.url));
const names = readdirSync(ours).filter((name) => !name.endsWith(".toml"));
/** The migration that made room for the files; those before it defined functions themselves. */
const FIRST = "20261129001000_functions_once";
const scripts = names.map((name) => ({ name, sql: readFileSync(join(ours, name, "migration.sql"), "utf8") }));

describe("a function of the database", () => {
  test("is defined in one file, and by no migration that came after the files", async () => {
    const defined = readFunctions(functions).flatMap(({ sql }) =>
      [...sql.matchAll(DEFINITION)].map(([, name]) => name),
    );
    const { rows } = await asked(await fresh(), OWN_FUNCTIONS);
    expect(defined.sort()).toEqual(rows.map(({ name }) => name).sort());
    expect(scripts.filter(({ name, sql }) => name >= FIRST && sql.match(DEFINITION)).map(({ name }) => name)).toEqual(
      [],
    );
  });

  test("changes with a migration that names what all of them are then, so that an older program knows that it is older", () => {
    const named = scripts.flatMap(({ sql }) => /^-- functions: (\w+)$/m.exec(sql)?.[1] ?? []);
    expect(named.at(-1), "the newest migration with a line '-- functions: …'").toBe(fingerprintOf(functions));
  });
});

const DEFINITION = /^\s*CREATE\s+(?:OR\s+REPLACE\s+)?(?:FUNCTION|PROCEDURE|AGGREGATE)\s+"?(\w+)/gim;

describe("a database that was upgraded", () => {
  test("from any earlier migration has the functions, rules, grants, policies, triggers and indexes of a fresh one", async () => {
    const wanted = await catalogOf(await fresh());
    expect(wanted.length).toBeGreaterThan(300);
    // Follows one migration behind, so that each is the last of some database.
    const behind = await database();
    for (const at of names.keys()) {
      await migrate(behind, folderOf(names.slice(0, at + 1)), () => {});
      const url = await database(behind);
      await migrate(url, ours, () => {});
      expect(await catalogOf(url), `upgraded from ${names[at]}`).toEqual(wanted);
      await drop(url);
    }
  });

  test("keeps what it had where the runner is killed behind any file, and has all of it after the next start", async () => {
    const wanted = await catalogOf(await fresh());
    const before = await database();
    await migrate(before, folderOf(names), () => {});
    for (const { name } of readFunctions(functions)) {
      const cut = folderOf(names, (file, text) =>
        file === name ? `${text}\nSELECT pg_terminate_backend(pg_backend_pid());` : text,
      );
      const [url, untouched] = [await database(before), await catalogOf(before)];
      await expect(
        migrate(url, cut, () => {}),
        name,
      ).rejects.toThrow("terminating connection");
      expect(await catalogOf(url), name).toEqual(untouched);
      await migrate(url, ours, () => {});
      expect(await catalogOf(url), name).toEqual(wanted);
      await drop(url);
    }
  });
});

test("functions are applied once by several processes, again after a migration and a change, and else left alone", async () => {
  const url = await database();
  const folder = folderOf(names);
  writeFunctions(folder, (_, sql) => sql);
  const said: string[] = [];
  const run = () => migrate(url, folder, (line) => said.push(line));
  await Promise.all([run(), run(), run()]);
  expect(said.filter((line) => line.includes("functions of"))).toHaveLength(1);
  said.length = 0;
  await run();
  expect(said).toEqual([]);
  writeFunctions(folder, (name, sql) => (name === "audit.sql" ? `${sql}\n-- more` : sql));
  await run();
  expect(said).toEqual(["applied the functions of audit.sql"]);
  said.length = 0;
  addMigration(folder, "29990101000000_later", "SELECT 1;");
  await run();
  expect(said).toEqual(["applied 29990101000000_later", expect.stringContaining("credential-writes.sql")]);
});

test("what fails in one file undoes all of them, and says which it was", async () => {
  const url = await database();
  const folder = folderOf(names);
  await migrate(url, folder, () => {});
  const before = await catalogOf(url);
  writeFunctions(folder, (name, sql) => (name === "usage.sql" ? `${sql}\nSELECT 1/0;` : sql));
  await expect(migrate(url, folder, () => {})).rejects.toThrow(
    "The functions of usage.sql failed, and nothing was done of any",
  );
  expect(await catalogOf(url)).toEqual(before);
  expect((await asked(url, "SELECT 1 FROM function_file")).rows).toEqual([]);
});

test("a column that a migration adds is stored and changed without another word in SQL, and one who does not know it leaves it alone", async () => {
  const url = await database();
  const folder = folderOf(names, (_, sql) => sql);
  await migrate(url, folder, () => {});
  const db = new pg.Client({ connectionString: url });
  await db.connect();
  const [org, id, other] = [randomUUID(), randomUUID(), randomUUID()];
  await db.query("INSERT INTO organization (id, name) VALUES ($1, 'One')", [org]);
  const row = (more: object) => ({ ...CREDENTIAL, ...more });
  const insert = (n: object) => db.query("SELECT insert_credential($1, $2, '\\x01')", [org, JSON.stringify(n)]);
  const change = (n: object) => db.query("SELECT update_credential($1, $2, NULL) AS took", [org, JSON.stringify(n)]);
  const stored = async () => (await db.query("SELECT name, note, marks FROM credential ORDER BY name")).rows;
  // As an instance that is at work already has it prepared.
  const read = { name: "read", text: "SELECT c.id FROM credential_rows_in($1, $2) c", values: [org, [id]] };
  await insert(row({ id, nameKey: "one", name: "one" }));
  await db.query(read);
  addMigration(
    folder,
    "29990101000000_note",
    "ALTER TABLE credential ADD COLUMN note TEXT NOT NULL DEFAULT 'none', ADD COLUMN marks INTEGER[] NOT NULL DEFAULT '{}'",
  );
  await migrate(url, folder, () => {});
  expect((await db.query(read)).rows).toEqual([{ id }]);
  await insert(row({ id: other, nameKey: "two", name: "two", note: "new", marks: [1, 2] }));
  expect(await stored()).toEqual([
    { name: "one", note: "none", marks: [] },
    { name: "two", note: "new", marks: [1, 2] },
  ]);
  const seen = { expected: 1, expectedSealed: 1, sealedVersion: 1 };
  await change(row({ id: other, nameKey: "two", name: "two again", ...seen }));
  await change(row({ id, nameKey: "one", name: "one", note: "later", ...seen }));
  expect(await stored()).toEqual([
    { name: "one", note: "later", marks: [] },
    { name: "two again", note: "new", marks: [1, 2] },
  ]);
  await db.end();
});

/** A new row, as an instance hands it over. */
const CREDENTIAL = {
  ...{ provider: "sftp", type: "user_password", tags: [], summary: "", search: "", config: {}, secretInfo: {} },
  ...{
    keyId: "k",
    createdAt: "2026-01-01",
    updatedAt: "2026-01-01",
    modifiedBy: "x",
    active: true,
    needsReauth: false,
  },
};

/** What a database is made of, but for its tables' rows. */
async function catalogOf(url: string): Promise<string[]> {
  const { rows } = await asked(url, CATALOG);
  return rows.map(({ line }) => String(line));
}

const OWN_FUNCTIONS = `SELECT p.proname AS name FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace
  AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')`;

const CATALOG = `
  SELECT line FROM (
    SELECT pg_get_functiondef(p.oid) || coalesce(p.proacl::text, '') || p.proowner::regrole FROM pg_proc p
     WHERE p.pronamespace = 'public'::regnamespace AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
    UNION ALL SELECT conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid) || ' ' || convalidated FROM pg_constraint
     WHERE connamespace = 'public'::regnamespace
    UNION ALL SELECT oid::regclass || ' ' || coalesce(relacl::text, '') || relrowsecurity || relforcerowsecurity FROM pg_class
     WHERE relnamespace = 'public'::regnamespace
    UNION ALL SELECT format('%s %s', p, pg_get_expr(polqual, polrelid)) FROM pg_policies p JOIN pg_policy q
      ON q.polname = p.policyname AND q.polrelid = p.tablename::regclass
    UNION ALL SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal
    UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'
    UNION ALL SELECT format('%s %s %s %s %s', table_name, column_name, data_type, is_nullable, column_default)
      FROM information_schema.columns WHERE table_schema = 'public'
  ) AS lines(line) ORDER BY line`;

const temporary = mkdtempSync(join(tmpdir(), "latchkey-functions-"));
const made = new Set<string>();
const owner = () => process.env.TEST_OWNER_DATABASE_URL ?? "";
afterAll(async () => {
  rmSync(temporary, { recursive: true, force: true });
  for (const url of made) await drop(url);
});

let freshUrl: Promise<string> | undefined;
function fresh(): Promise<string> {
  freshUrl ??= database().then(async (url) => {
    await migrate(url, ours, () => {});
    return url;
  });
  return freshUrl;
}

/** A copy of these migrations, with functions beside it where they are given as something else than ours. */
function folderOf(migrations: string[], change?: (name: string, sql: string) => string): string {
  const folder = join(mkdtempSync(join(temporary, "set-")), "migrations");
  for (const name of migrations) cpSync(join(ours, name), join(folder, name), { recursive: true });
  if (change) writeFunctions(folder, change);
  return folder;
}

function writeFunctions(folder: string, change: (name: string, sql: string) => string): void {
  mkdirSync(join(folder, "../functions"), { recursive: true });
  for (const { name, sql } of readFunctions(functions))
    writeFileSync(join(folder, "../functions", name), change(name, sql));
}

function addMigration(folder: string, name: string, sql: string): void {
  mkdirSync(join(folder, name));
  writeFileSync(join(folder, name, "migration.sql"), sql);
}

async function database(like?: string): Promise<string> {
  const name = `functions_${randomUUID().replaceAll("-", "")}`;
  await asked(owner(), `CREATE DATABASE ${name} TEMPLATE ${like ? new URL(like).pathname.slice(1) : "template1"}`);
  const url = Object.assign(new URL(owner()), { pathname: `/${name}` }).href;
  made.add(url);
  return url;
}

async function drop(url: string): Promise<void> {
  made.delete(url);
  await asked(owner(), `DROP DATABASE ${new URL(url).pathname.slice(1)} WITH (FORCE)`);
}

async function asked(url: string, sql: string): Promise<pg.QueryResult> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await client.query(sql);
  } finally {
    await client.end();
  }
}
