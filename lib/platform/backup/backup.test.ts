import { createHash, randomBytes, randomUUID } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { migrate, migrateOver, migrationsIn } from "@/prisma/migrate.mjs";
import { ownDatabase } from "@/test/own-database";
import { type DebianPostgres, startDebianPostgres } from "@/test/servers/debian-postgres";
import { sftpValues } from "@/test/tenant";

const MIGRATIONS = "prisma/migrations";
const folder = mkdtempSync(join(tmpdir(), "latchkey-backup-"));
const anchors = join(folder, "audit-anchors.jsonl");
const source = await ownDatabase();
const embedded = process.env.TEST_OWNER_DATABASE_URL ?? "";
const key = process.env.LATCHKEY_KEY ?? "";
const CANARY = `canary-${randomUUID()}`;
const SECRETS = 20;
const silent = () => undefined;

/** The vault as it was backed up, and what it was then. */
let original: { file: string; report: Awaited<ReturnType<Program["backUp"]>>; counts: Record<string, number> };
let debian: DebianPostgres;

beforeAll(async () => {
  debian = await startDebianPostgres();
  const { backUp, createCredential, updateCredential, tryToAnchor } = await at(source.url);
  const own = await (await import("@/test/tenant")).tenant();
  for (let count = 0; count < SECRETS; count++) {
    const data = sftpValues(`${CANARY}-${count}`);
    const { id } = await createCredential(own.user, { provider: "sftp", type: "user_password", data });
    if (count % 2)
      await updateCredential(own.user, id, { data: { mode: "replace", values: sftpValues(`${CANARY}-again`) } });
  }
  await tryToAnchor();
  const file = join(folder, "vault.backup");
  const report = await backUp(file, { ownerUrl: source.ownerUrl, anchors, program: "1.2.3" });
  original = { file, report, counts: await countsOf(source.ownerUrl) };
});
afterEach(() => reset(source.url));
afterAll(async () => {
  await debian.stop();
  rmSync(folder, { recursive: true, force: true });
});

describe("a backup", () => {
  test("has every row that is kept, and says how many", () => {
    expect(original.report.tables).toEqual(original.counts);
    expect(original.report.rows).toBeGreaterThan(50);
  });

  test("is its owner's alone, whole or not there, and holds neither a key nor a secret", async () => {
    expect(statSync(original.file).mode & 0o777).toBe(0o600);
    expect(() => statSync(`${original.file}.part`)).toThrow("ENOENT");
    const bytes = readFileSync(original.file);
    expect(createHash("sha256").update(bytes.subarray(0, -64)).digest("hex")).toBe(original.report.sha256);
    expect(bytes.length).toBe(original.report.bytes);
    const { openContainer } = await import("./container");
    const { header, frames } = await openContainer(original.file);
    const clear = [JSON.stringify(header)];
    for await (const frame of frames()) clear.push("data" in frame ? frame.data.toString("latin1") : "");
    const all = clear.join("");
    expect(all).toContain("sftp.example.com");
    for (const secret of [CANARY, Buffer.from(CANARY).toString("hex"), key, Buffer.from(key, "base64").toString("hex")])
      expect(all).not.toContain(secret);
  });

  test("is not written over another file, and leaves none behind where the key is another one", async () => {
    const { backUp } = await at(source.url);
    const from = { ownerUrl: source.ownerUrl, anchors, program: "1" };
    await expect(backUp(original.file, from)).rejects.toThrow("There is a file of that name already");
    const other = await at(source.url, randomBytes(32).toString("base64"));
    const path = join(folder, "other.backup");
    await expect(other.backUp(path, from)).rejects.toThrow("This key is not the one");
    expect(() => statSync(path)).toThrow("ENOENT");
  });

  test("is refused to a user whom row-level security would hide rows from", async () => {
    const { backUp } = await at(source.url);
    const from = { ownerUrl: source.url, anchors, program: "1" };
    await expect(backUp(join(folder, "partial.backup"), from)).rejects.toThrow(/hides rows|refused it/);
  });
});

describe("a restore", () => {
  test.each(["an owner who is no superuser, of the embedded version", "Debian's version"])(
    "into an empty database of %s has every row, whole chains, every secret, and the schema of a fresh one",
    async (where) => {
      const { owner, user } = await emptyDatabase(where.startsWith("Debian") ? debian.url : embedded);
      const { restoreBackup } = await at(source.url);
      const report = await restoreBackup(original.file, { ownerUrl: owner, anchors, say: silent });
      expect(report.tables).toEqual(original.counts);
      expect(await countsOf(owner)).toEqual(original.counts);
      const fresh = await emptyDatabase(where.startsWith("Debian") ? debian.url : embedded);
      await migrate(fresh.owner, MIGRATIONS, silent);
      expect(await schemaOf(owner)).toEqual(await schemaOf(fresh.owner));
      // As the next start sees to it.
      await migrate(owner, MIGRATIONS, silent).then(({ role }) => query(owner, `GRANT ${role} TO ${user}`));
      const { ready, verifyChains, verifyRows, listed, backUp } = await at(owner, key, await roleOf(owner));
      await ready();
      const verdicts = await verifyChains(undefined, anchors);
      expect(verdicts.map(({ problem }) => problem)).toEqual(verdicts.map(() => null));
      expect(verdicts.some(({ anchored }) => anchored !== null)).toBe(true);
      for (const { orgId } of verdicts) expect(await verifyRows(orgId)).toEqual([]);
      expect(await listed()).toBe(SECRETS);
      // That owner, whom row-level security binds, backs it up again.
      const again = await backUp(join(folder, `${randomUUID()}.backup`), {
        ownerUrl: owner,
        anchors,
        program: "1.2.3",
      });
      expect(again.tables).toEqual(original.counts);
    },
  );

  test.each([
    ["cut", (bytes: Buffer) => bytes.subarray(0, -100), "cut or altered"],
    ["altered in the middle", (bytes: Buffer) => flipped(bytes, bytes.length / 2), "cut or altered"],
    ["altered at its beginning", (bytes: Buffer) => flipped(bytes, 40), "no backup of Latchkey's|cut or altered"],
    ["altered, with a checksum that fits", resummed, "altered by somebody without the vault's key"],
    ["of something else", () => Buffer.from("PGDMP and so on\n"), "no backup of Latchkey's"],
  ])("of a file that is %s is refused before anything is touched", async (_, damage, words) => {
    const { owner } = await emptyDatabase(embedded);
    const file = join(folder, `${randomUUID()}.backup`);
    writeFileSync(file, damage(readFileSync(original.file)));
    const { restoreBackup } = await at(source.url);
    await expect(restoreBackup(file, { ownerUrl: owner, anchors, say: silent })).rejects.toThrow(new RegExp(words));
    expect(await query(owner, "SELECT FROM pg_tables WHERE schemaname = 'public'")).toEqual([]);
  });

  test("with another key is refused before anything is touched, and names the key that it takes", async () => {
    const { owner } = await emptyDatabase(embedded);
    const { restoreBackup } = await at(source.url, randomBytes(32).toString("base64"));
    const restored = restoreBackup(original.file, { ownerUrl: owner, anchors, say: silent });
    await expect(restored).rejects.toThrow(original.report.keyIds[0]);
    expect(await query(owner, "SELECT FROM pg_tables WHERE schemaname = 'public'")).toEqual([]);
  });

  test("into a database that holds anything is refused, and leaves it as it is", async () => {
    const { restoreBackup } = await at(source.url);
    const into = (ownerUrl: string) => restoreBackup(original.file, { ownerUrl, anchors, say: silent });
    await expect(into(source.ownerUrl)).rejects.toThrow("The database is not empty");
    expect(await countsOf(source.ownerUrl)).toEqual(original.counts);
    const { owner } = await emptyDatabase(embedded);
    await query(owner, "CREATE TABLE somebody_elses (id int)");
    await expect(into(owner)).rejects.toThrow("The database is not empty");
  });

  test("that is cut off leaves no row, and may be run again", async () => {
    const { owner } = await emptyDatabase(embedded);
    const { restoreBackup } = await at(source.url);
    const into = () => restoreBackup(original.file, { ownerUrl: owner, anchors, say: silent });
    // The connection ends in the middle of the rows, as that of a killed process does.
    await migrate(owner, MIGRATIONS, silent);
    const name = new URL(owner).pathname.slice(1);
    await query(
      Object.assign(new URL(embedded), { pathname: `/${name}` }).href,
      `CREATE FUNCTION cut() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN
         IF pg_trigger_depth() = 0 AND EXISTS (SELECT FROM credential) THEN PERFORM pg_terminate_backend(pg_backend_pid()); END IF; END $$;
       CREATE EVENT TRIGGER cut_off ON ddl_command_end WHEN TAG IN ('ALTER TABLE') EXECUTE FUNCTION cut()`,
    );
    await expect(into()).rejects.toThrow();
    const asRoot = Object.assign(new URL(embedded), { pathname: `/${name}` }).href;
    expect(Object.values(await countsOf(asRoot)).every((count) => count === 0)).toBe(true);
    await query(asRoot, "DROP EVENT TRIGGER cut_off; DROP FUNCTION cut");
    expect((await into()).tables).toEqual(original.counts);
  });

  test("of an older schema is brought up to date behind the rows", async () => {
    const older = migrationsIn(MIGRATIONS).findLast((name) => name < "20261130000200");
    const [old, target] = [await emptyDatabase(embedded), await emptyDatabase(embedded)];
    const asRoot = Object.assign(new URL(embedded), { pathname: new URL(old.owner).pathname }).href;
    const db = new pg.Client({ connectionString: asRoot });
    await db.connect();
    await migrateOver(db, MIGRATIONS, silent, { until: older });
    const [root] = await query(source.ownerUrl, "SELECT sealed, key_id FROM root_secret");
    await db.query("INSERT INTO root_secret (id, sealed, key_id) VALUES (1, $1, $2)", [root?.sealed, root?.key_id]);
    await db.query("INSERT INTO organization (id, name) VALUES (gen_random_uuid(), 'Old')");
    // Stored before there was a rule against it.
    await db.query("ALTER TABLE root_secret DROP CONSTRAINT root_secret_single; UPDATE root_secret SET id = 1");
    await db.query("ALTER TABLE root_secret ADD CONSTRAINT root_secret_single CHECK (id = 1) NOT VALID");
    await db.end();
    const { backUp, restoreBackup } = await at(source.url);
    const file = join(folder, "older.backup");
    expect((await backUp(file, { ownerUrl: asRoot, anchors, program: "0.9" })).migration).toBe(older);
    await restoreBackup(file, { ownerUrl: target.owner, anchors, say: silent });
    const fresh = await emptyDatabase(embedded);
    await migrate(fresh.owner, MIGRATIONS, silent);
    expect(await schemaOf(target.owner)).toEqual(await schemaOf(fresh.owner));
    const targetAsRoot = Object.assign(new URL(embedded), { pathname: new URL(target.owner).pathname }).href;
    expect(await query(targetAsRoot, "SELECT name FROM organization")).toEqual([{ name: "Old" }]);
  });

  test("of a newer schema than this program's is refused", async () => {
    const { owner } = await emptyDatabase(embedded);
    const file = join(folder, "newer.backup");
    const own = await ownDatabase();
    await query(
      own.ownerUrl,
      `INSERT INTO "_prisma_migrations" (id, checksum, migration_name, finished_at) VALUES ('x', 'x', '29990101000000_later', now())`,
    );
    const { backUp, restoreBackup, ready } = await at(own.url);
    await ready();
    await backUp(file, { ownerUrl: own.ownerUrl, anchors, program: "9" });
    const restored = restoreBackup(file, { ownerUrl: owner, anchors, say: silent });
    await expect(restored).rejects.toThrow("29990101000000_later, which this program does not know");
  });
});

describe("pg_dump and pg_restore", () => {
  test("of a role made as the documentation says keep rows, chains, policies, triggers and grants", async () => {
    const { owner, user } = await emptyDatabase(debian.url);
    const { restoreBackup } = await at(source.url);
    await restoreBackup(original.file, { ownerUrl: owner, anchors, say: silent });
    const name = new URL(owner).pathname.slice(1);
    const role = `reader_${randomUUID().replaceAll("-", "")}`;
    await query(debian.url, `CREATE ROLE ${role} LOGIN BYPASSRLS; GRANT pg_read_all_data TO ${role}`);
    const { port } = new URL(debian.url);
    const dump = join(debian.folder, "vault.dump");
    const where = ["-h", "127.0.0.1", "-p", port];
    debian.run("pg_dump", ...where, "-U", role, "-Fc", "--exclude-schema=latchkey_jobs", "-f", dump, name);
    const target = await emptyDatabase(debian.url, user);
    const into = new URL(target.owner).pathname.slice(1);
    debian.run("pg_restore", ...where, "-U", "postgres", "--exit-on-error", "--single-transaction", "-d", into, dump);
    expect(await countsOf(target.owner)).toEqual(original.counts);
    expect(await schemaOf(target.owner)).toEqual(await schemaOf(owner));
    const { ready, verifyChains } = await at(target.owner, key, await roleOf(target.owner));
    await migrate(target.owner, MIGRATIONS, silent);
    await ready();
    const verdicts = await verifyChains(undefined, anchors);
    expect(verdicts.map(({ problem }) => problem)).toEqual(verdicts.map(() => null));
  });
});

type Program = Awaited<ReturnType<typeof at>>;

/** The program as it starts with this database and key. */
async function at(url: string, wrappingKey = key, role = "") {
  await reset(url, wrappingKey, role);
  const { backUp, restoreBackup } = await import(".");
  const { createCredential, updateCredential } = await import("@/lib/credentials");
  const { tryToAnchor, verifyChains } = await import("@/lib/platform/audit/verify");
  const { verifyRows } = await import("@/lib/credentials/verify-rows");
  const { ready } = await import("@/lib/platform/readiness");
  const { acrossOrganizations } = await import("@/lib/platform/db");
  const listed = () => acrossOrganizations((tx) => tx.credential.count());
  return {
    backUp,
    restoreBackup,
    createCredential,
    updateCredential,
    tryToAnchor,
    verifyChains,
    verifyRows,
    ready,
    listed,
  };
}

async function reset(url: string, wrappingKey = key, role = ""): Promise<void> {
  const { disconnect } = await import("@/lib/platform/db");
  await disconnect();
  vi.resetModules();
  process.env.DATABASE_URL = url;
  process.env.LATCHKEY_DATA = folder;
  process.env.LATCHKEY_KEY = wrappingKey;
  process.env.DATABASE_ROLE = role;
}

/** A database without tables, whose owner is no superuser. */
async function emptyDatabase(server: string, of?: string): Promise<{ owner: string; user: string }> {
  const name = `backup_${randomUUID().replaceAll("-", "")}`;
  const user = of ?? name;
  if (!of) await query(server, `CREATE ROLE ${user} LOGIN CREATEROLE PASSWORD '${user}'`);
  await query(server, `CREATE DATABASE ${name} OWNER ${user}`);
  return { owner: Object.assign(new URL(server), { username: user, password: user, pathname: `/${name}` }).href, user };
}

async function query(url: string, sql: string): Promise<pg.QueryResultRow[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const result = (await client.query(sql)) as pg.QueryResult | pg.QueryResult[];
    return Array.isArray(result) ? [] : result.rows;
  } finally {
    await client.end();
  }
}

/** Rows by table, of what a backup holds. */
async function countsOf(ownerUrl: string): Promise<Record<string, number>> {
  const { tablesOf } = await import("./tables");
  const db = new pg.Client({ connectionString: ownerUrl });
  await db.connect();
  try {
    await db.query("SELECT set_config('app.scope', 'backup', false)");
    const counts: Record<string, number> = {};
    for (const { name } of await tablesOf(db))
      counts[name] = (await db.query(`SELECT count(*)::int AS count FROM "${name}"`)).rows[0].count;
    return counts;
  } finally {
    await db.end();
  }
}

const roleOf = async (ownerUrl: string): Promise<string> =>
  (
    await query(
      ownerUrl,
      `SELECT g.rolname FROM pg_class c CROSS JOIN LATERAL aclexplode(c.relacl) a JOIN pg_roles g ON g.oid = a.grantee
        WHERE c.oid = 'audit_event'::regclass AND a.privilege_type = 'INSERT' AND a.grantee <> c.relowner`,
    )
  )[0]?.rolname;

/**
 * Columns, rules, policies, triggers, indexes and grants, whoever owns them; those that an owner has anyway are none. Where conditions are read
 * again, parentheses go.
 */
async function schemaOf(ownerUrl: string): Promise<string[]> {
  const rows = await query(
    ownerUrl,
    `SELECT line FROM (
       SELECT conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid) FROM pg_constraint WHERE connamespace = 'public'::regnamespace
       UNION ALL SELECT relname || ' ' || relrowsecurity || relforcerowsecurity || coalesce(nullif(relacl, acldefault('r', relowner))::text, '')
         FROM pg_class WHERE relnamespace = 'public'::regnamespace
       UNION ALL SELECT tablename || policyname || cmd || coalesce(qual, '') || coalesce(with_check, '') FROM pg_policies
       UNION ALL SELECT pg_get_triggerdef(oid) || tgenabled::text FROM pg_trigger WHERE NOT tgisinternal
       UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'
       UNION ALL SELECT format('%s %s %s %s', table_name, column_name, data_type, is_nullable) FROM information_schema.columns WHERE table_schema = 'public'
     ) AS lines(line) WHERE line !~ '^_prisma' ORDER BY 1`,
  );
  const role = await roleOf(ownerUrl);
  const user = new URL(ownerUrl).username;
  return rows
    .map(({ line }) =>
      String(line)
        .replaceAll(role, "APPLICATION")
        .replaceAll(user, "OWNER")
        .replaceAll(/[()\s]/g, ""),
    )
    .sort();
}

function flipped(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[Math.floor(at)] = (copy[Math.floor(at)] ?? 0) ^ 1;
  return copy;
}

/** As whoever holds the file and not the key can make it. */
function resummed(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes);
  const at = copy.indexOf('"program":"1.2.3"');
  copy.write('"program":"9.9.9"', at);
  createHash("sha256")
    .update(copy.subarray(0, -64))
    .digest()
    .copy(copy, copy.length - 64);
  return copy;
}
