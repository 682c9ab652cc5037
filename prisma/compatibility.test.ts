import { randomUUID } from "node:crypto";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { migrate } from "./migrate.mjs";

const ours = fileURLToPath(new URL("migrations", import.meta.url));
const names = readdirSync(ours).filter((name) => !name.endsWith(".toml"));
/** The migration that made room for the word; those before it serve nobody but their own program. */
const FIRST = "20261201000600_compatibility";
const SERVES = /^UPDATE schema_compatibility SET migration = '([^']+)', serves_from = '([^']+)';$/gm;

interface Script {
  name: string;
  sql: string;
}

describe("a migration from here on", () => {
  test("says by its own name which programs it still serves, and takes back nothing that one before it said", () => {
    let before = FIRST;
    for (const { name, sql } of later(names)) {
      const said = [...sql.matchAll(SERVES)];
      expect(said, `${name} says it once`).toHaveLength(1);
      const [, own, from = ""] = said[0] ?? [];
      expect(own, name).toBe(name);
      expect(from >= before && from <= name, `${name} serves from ${from}`).toBe(true);
      before = from;
    }
  });

  test("does nothing to what the programs use that it serves, and holds no lock for long", () => {
    for (const script of later(names)) expect(problemsOf(script), script.name).toEqual([]);
  });
});

describe("the rule", () => {
  test.each([
    ["ALTER TABLE credential DROP COLUMN name;", "takes away"],
    ["DROP TABLE credential;", "takes away"],
    ["ALTER TABLE credential RENAME COLUMN name TO title;", "renames"],
    ["ALTER TABLE credential ALTER COLUMN name TYPE VARCHAR(10);", "changes a type"],
    ["ALTER TABLE credential ALTER COLUMN name SET NOT NULL;", "insists"],
    ["ALTER TABLE credential ADD COLUMN note TEXT NOT NULL;", "insists"],
    ["CREATE INDEX credential_note ON credential (note);", "locks"],
    ["ALTER TABLE credential ADD CONSTRAINT c CHECK (version > 0);", "locks"],
  ])("finds %s", (sql, words) => {
    expect(problemsOf({ name: "29990101000000_x", sql: `${sql}\n${word("29990101000000_x", FIRST)}` })).toEqual([
      expect.stringContaining(words),
    ]);
  });

  test.each([
    "ALTER TABLE credential ADD COLUMN note TEXT NOT NULL DEFAULT '';",
    "ALTER TABLE credential ADD COLUMN note TEXT, ADD CONSTRAINT c CHECK (note <> '') NOT VALID;",
    "CREATE TABLE other (id INT NOT NULL); CREATE INDEX other_id ON other (id);",
    `-- unused since ${FIRST}\nALTER TABLE credential DROP COLUMN name;`,
    "-- briefly: one row for each organisation\nCREATE INDEX usage_mark_seq ON usage_mark (seq);",
  ])("lets pass %s", (sql) => {
    expect(problemsOf({ name: "29990101000000_x", sql: `${sql}\n${word("29990101000000_x", FIRST)}` })).toEqual([]);
  });

  test("lets a migration that serves nobody but its own program do anything", () => {
    const name = "29990101000000_x";
    expect(problemsOf({ name, sql: `DROP TABLE credential;\n${word(name, name)}` })).toEqual([]);
  });
});

describe("an older program's start on a newer schema", () => {
  const LATER = "29990101000000_later";

  test("changes nothing and goes on, where the newest migration says that it serves it", async () => {
    const url = await database();
    await migrate(url, folderWith(LATER, word(LATER, FIRST)), () => {});
    const before = await query(url, "SELECT name, checksum, applied_at FROM function_file ORDER BY name");
    const said: string[] = [];
    expect((await migrate(url, ours, (line) => said.push(line))).applied).toEqual([]);
    expect(said).toEqual([expect.stringContaining("still serves this one")]);
    expect(await query(url, "SELECT name, checksum, applied_at FROM function_file ORDER BY name")).toEqual(before);
  });

  test.each([
    ["that serves its own program alone", word(LATER, LATER)],
    ["that says nothing", "SELECT 1;"],
    ["that speaks for another one", word(FIRST, FIRST)],
  ])("is refused %s", async (_, sql) => {
    const url = await database();
    await migrate(url, folderWith(LATER, sql), () => {});
    await expect(migrate(url, ours, () => {})).rejects.toThrow(`newer than this program: it has ${LATER}`);
  });
});

test("a migration that a transaction under way stands in the way of lets those behind it pass, and is done afterwards", async () => {
  const url = await database();
  await migrate(url, ours, () => {});
  const [busy, other] = [new pg.Client({ connectionString: url }), new pg.Client({ connectionString: url })];
  await Promise.all([busy.connect(), other.connect()]);
  await busy.query("BEGIN; SELECT FROM credential");
  const name = "29990101000000_later";
  const done = migrate(
    url,
    folderWith(name, `ALTER TABLE credential ADD COLUMN n INT;\n${word(name, FIRST)}`),
    () => {},
  );
  const waiting = "SELECT FROM pg_locks WHERE relation = 'credential'::regclass AND NOT granted";
  await expect.poll(async () => (await busy.query(waiting)).rowCount, { interval: 20 }).toBe(1);
  // Behind the migration in the queue; it would else wait for as long as the first one works.
  await other.query("SELECT FROM credential");
  await busy.query("COMMIT");
  expect((await done).applied).toEqual([name]);
  await Promise.all([busy.end(), other.end()]);
});

const later = (all: string[]): Script[] =>
  all
    .filter((name) => name > FIRST)
    .map((name) => ({ name, sql: readFileSync(join(ours, name, "migration.sql"), "utf8") }));

const word = (name: string, from: string) =>
  `UPDATE schema_compatibility SET migration = '${name}', serves_from = '${from}';`;

/**
 * What of a script the programs that it serves could not live with. Read, not run: it sees statements, and nothing of what a DO block
 * puts together.
 */
function problemsOf({ name, sql }: Script): string[] {
  const [, , from = name] = [...sql.matchAll(SERVES)][0] ?? [];
  if (from >= name) return [];
  const made = [...sql.matchAll(/CREATE TABLE (?:IF NOT EXISTS )?"?(\w+)"?/gi)].map(([, table]) => table);
  return statementsOf(sql).flatMap(({ text, notes }) => {
    const unused = /unused since (\S+)/.exec(notes)?.[1];
    const isUnused = unused !== undefined && unused <= from;
    const isBrief = /briefly: \S/.test(notes);
    const table = /(?:TABLE|ON)\s+(?:ONLY\s+)?"?(\w+)"?/i.exec(text)?.[1];
    if (made.includes(table)) return [];
    const problems = PROBLEMS.filter(({ found }) => found(text));
    return problems
      .filter(({ kind }) => !(kind === "takes away" && isUnused) && !(kind === "locks" && isBrief))
      .map(({ kind, what }) => `${kind}: ${what}: ${text.slice(0, 100)}`);
  });
}

const PROBLEMS = [
  {
    kind: "takes away",
    what: "say since when no program uses it (-- unused since NAME)",
    found: by(/\bDROP\s+(TABLE|COLUMN)\b/i),
  },
  { kind: "renames", what: "add the new name, and take the old one away later", found: by(/\bRENAME\b/i) },
  {
    kind: "changes a type",
    what: "add a column instead",
    found: by(/\bALTER\s+COLUMN\s+\S+\s+(SET\s+DATA\s+)?TYPE\b/i),
  },
  {
    kind: "insists",
    what: "an older program leaves it out; give it a default",
    found: (text: string) =>
      /\bSET\s+NOT\s+NULL\b/i.test(text) ||
      (text.match(/\bADD\s+COLUMN\b[^,;]*/gi) ?? []).some((one) => /NOT\s+NULL/i.test(one) && !/DEFAULT/i.test(one)),
  },
  {
    kind: "locks",
    what: "say why it takes no time (-- briefly: REASON), or add it NOT VALID",
    found: (text: string) =>
      /^CREATE\s+(UNIQUE\s+)?INDEX\b/i.test(text) || (/\bADD\s+CONSTRAINT\b/i.test(text) && !/NOT\s+VALID/i.test(text)),
  },
];

function by(pattern: RegExp) {
  return (text: string) => pattern.test(text);
}

/** Statements, each with the comments before it; function bodies and texts count as part of theirs. */
function statementsOf(sql: string): { text: string; notes: string }[] {
  const parts = sql.match(/--[^\n]*|'(?:[^']|'')*'|\$(\w*)\$[\s\S]*?\$\1\$|;|[^-'$;]+|[-'$]/g) ?? [];
  const statements = [{ text: "", notes: "" }];
  for (const part of parts) {
    const last = statements.at(-1);
    if (part === ";") statements.push({ text: "", notes: "" });
    else if (last && part.startsWith("--")) last.notes += `${part}\n`;
    else if (last) last.text += part;
  }
  return statements.map(({ text, notes }) => ({ text: text.trim(), notes })).filter(({ text }) => text !== "");
}

const owner = () => process.env.TEST_OWNER_DATABASE_URL ?? "";
const made: string[] = [];
let temporary = "";
beforeAll(() => {
  temporary = mkdtempSync(join(tmpdir(), "latchkey-compatibility-"));
});
afterAll(async () => {
  rmSync(temporary, { recursive: true, force: true });
  for (const name of made) await query(owner(), `DROP DATABASE ${name} WITH (FORCE)`);
});

/** Our migrations and functions, with one more migration. */
function folderWith(name: string, sql: string): string {
  const folder = mkdtempSync(join(temporary, "set-"));
  cpSync(ours, join(folder, "migrations"), { recursive: true });
  cpSync(join(ours, "../functions"), join(folder, "functions"), { recursive: true });
  mkdirSync(join(folder, "migrations", name));
  writeFileSync(join(folder, "migrations", name, "migration.sql"), sql);
  return join(folder, "migrations");
}

async function database(): Promise<string> {
  const name = `compatibility_${randomUUID().replaceAll("-", "")}`;
  await query(owner(), `CREATE DATABASE ${name}`);
  made.push(name);
  return Object.assign(new URL(owner()), { pathname: `/${name}` }).href;
}

async function query(url: string, sql: string): Promise<pg.QueryResultRow[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}
