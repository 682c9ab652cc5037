import { randomBytes, randomUUID } from "node:crypto";
import { chmodSync, cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readEnv } from "@/lib/platform/env";
import { ownDatabase, wholeDatabase } from "@/test/own-database";
import { startPgBouncer } from "@/test/servers/pgbouncer";
import { diskFinding } from "./disk";
import { publicUrlFinding } from "./public-url";

const folder = mkdtempSync(join(tmpdir(), "latchkey-doctor-"));
// One that nobody else writes to, so that every row can be compared.
const { url: database, ownerUrl } = await ownDatabase();
process.env.DATABASE_URL = database;
const { loadKeys } = await import("@/lib/platform/keys");
const { examine } = await import(".");
const owner = new pg.Client({ connectionString: ownerUrl });

beforeAll(async () => {
  await owner.connect();
  await loadKeys();
});
afterAll(async () => {
  await owner.end();
  rmSync(folder, { recursive: true });
});

/** As an operator has it who did all that is asked for. */
const good = () => ({
  LATCHKEY_DATA: folder,
  LATCHKEY_KEY: process.env.LATCHKEY_KEY,
  DATABASE_URL: database,
  MIGRATION_DATABASE_URL: ownerUrl,
  // Nobody listens there.
  PORT: "1",
});

async function found(settings: Record<string, string | undefined>, migrations = "prisma/migrations") {
  const findings = await examine({ ...good(), ...settings }, migrations);
  return Object.fromEntries(findings.map(({ check, status, message }) => [check, [status, message]]));
}
const failure = (words: string) => ["failure", expect.stringContaining(words)];
const warning = (words: string) => ["warning", expect.stringContaining(words)];

/** A role that may sign in, and its address. */
async function user(rights: (name: string) => string, base = database): Promise<string> {
  const name = `doctor_${randomUUID().replaceAll("-", "")}`;
  await owner.query(
    `CREATE ROLE ${name} LOGIN PASSWORD '${name}'; GRANT CONNECT ON DATABASE ${new URL(ownerUrl).pathname.slice(1)} TO ${name}; ${rights(name)}`,
  );
  return Object.assign(new URL(base), { username: name, password: name }).href;
}

/** An empty database of the server. */
async function emptyDatabase(): Promise<string> {
  const name = `doctor_${randomUUID().replaceAll("-", "")}`;
  await owner.query(`CREATE DATABASE ${name}`);
  return Object.assign(new URL(ownerUrl), { pathname: `/${name}` }).href;
}

test("an installation that is as it must be has no failure, and nothing of it was changed by looking", async () => {
  const before = await wholeDatabase(owner);
  const findings = await examine(good(), "prisma/migrations");
  // What the server is at changes all the time, and is no row of ours.
  const { pg_stat_activity: _, ...after } = await wholeDatabase(owner);
  for (const [table, rows] of Object.entries(after))
    if (!/rate_limit|latchkey_jobs/.test(table)) expect(rows).toBe(before[table]);
  expect(findings.filter(({ status }) => status !== "ok").map(({ check }) => check)).toEqual(["public-url"]);
  expect(findings.map(({ check }) => check)).toEqual([
    ...["settings", "key", "disk", "outbound", "proxies", "public-url", "database", "pooler", "role", "rights"],
    ...["extension", "migrations", "root-secret", "clock"],
  ]);
});

describe("settings", () => {
  test("that are bad are named, and nothing else is looked at", async () => {
    expect(await found({ PORT: "many" })).toEqual({ settings: failure("PORT must be") });
  });

  test("that are none, or for laboratories, are a warning", async () => {
    expect((await found({ LATCHKEY_KEYFILE: "x" })).settings).toEqual(
      warning("LATCHKEY_KEYFILE (meant: LATCHKEY_KEY_FILE?)"),
    );
    expect((await found({ LATCHKEY_ALLOW_WEAK_TOKENS: "true" })).settings).toEqual(warning("laboratories"));
  });

  test("of what may be reached are judged", async () => {
    expect((await found({ OUTBOUND_ALLOW: "*:5432" })).outbound).toEqual(warning("every private network"));
    expect((await found({ OUTBOUND_ALLOW: "10.0.0.0/99:1" })).outbound).toEqual(failure("Mend OUTBOUND_ALLOW"));
    expect((await found({ OUTBOUND_ALLOW: "10.0.0.0/8:5432" })).outbound).toEqual([
      "ok",
      expect.stringContaining("1 more"),
    ]);
  });

  test("of proxies are judged", async () => {
    expect((await found({ TRUSTED_PROXIES: "10.0.0.0/99" })).proxies).toEqual(failure("10.0.0.0/99 is neither"));
    expect((await found({ TRUSTED_PROXIES: "0.0.0.0/0" })).proxies).toEqual(failure("every address"));
    expect((await found({ PUBLIC_URL: "https://localhost:2" })).proxies).toEqual(warning("count as one"));
    expect((await found({ PUBLIC_URL: "https://localhost:2", TRUSTED_PROXIES: "10.0.0.1" })).proxies?.[0]).toBe("ok");
  });
});

describe("the key", () => {
  test("beside the data is a warning; missing, malformed or open to others it is a failure", async () => {
    const beside = mkdtempSync(join(folder, "beside-"));
    const file = join(beside, "key");
    const from = { LATCHKEY_DATA: beside, LATCHKEY_KEY: undefined };
    expect((await found(from)).key).toEqual(failure("No key"));
    writeFileSync(file, process.env.LATCHKEY_KEY ?? "", { mode: 0o600 });
    expect((await found(from)).key).toEqual(warning("beside the data"));
    chmodSync(file, 0o666);
    expect((await found(from)).key).toEqual(failure("chmod 600"));
    expect((await found({ LATCHKEY_KEY: "short" })).key).toEqual(failure("32 bytes"));
  });

  test("that does not open the root secret, or is missing, is a failure", async () => {
    const other = randomBytes(32).toString("base64");
    expect((await found({ LATCHKEY_KEY: other }))["root-secret"]).toEqual(failure("does not open the database"));
    expect((await found({ LATCHKEY_KEY: "short" }))["root-secret"]).toEqual(failure("Restore the key"));
  });
});

describe("the disk", () => {
  test("that is nearly full is a warning, then a failure", async () => {
    const mib = (count: number) => diskFinding(join(folder, "not/there/yet"), async () => count * 1024 * 1024);
    expect(await mib(31)).toMatchObject({ status: "failure", message: expect.stringContaining("31 MiB left") });
    expect(await mib(100)).toMatchObject({ status: "warning" });
    expect(await mib(1_000)).toMatchObject({ status: "ok" });
  });

  test("that cannot be written is a failure", async () => {
    // Of which not even root can make a folder.
    const file = join(folder, "file");
    writeFileSync(file, "");
    expect(await diskFinding(join(file, "data"))).toMatchObject({
      status: "failure",
      message: expect.stringContaining("may not write"),
    });
  });
});

describe("the public address", () => {
  /** Something that answers like the API's document, with this tag. */
  async function answering(etag: string | undefined): Promise<{ port: number; close: () => void }> {
    const server = createServer((_, response) => response.writeHead(etag ? 200 : 404, etag ? { etag } : {}).end("{}"));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return { port: (server.address() as AddressInfo).port, close: () => server.close() };
  }
  const judged = (settings: Record<string, string>) => publicUrlFinding(readEnv({ HOST: "127.0.0.1", ...settings }));

  test("must be encrypted where it is no loopback's, must answer, and must be this installation", async () => {
    const [here, same, other, none] = await Promise.all(['"a"', 'W/"a-gzip"', '"b"', undefined].map(answering));
    const PORT = String(here?.port);
    const at = (place?: { port: number }) => ({ PORT, PUBLIC_URL: `http://127.0.0.1:${place?.port}` });
    expect(await judged({ PORT, PUBLIC_URL: "http://vault.example.com" })).toMatchObject({
      status: "failure",
      message: expect.stringContaining("not encrypted"),
    });
    expect(await judged({ PORT: "1" })).toMatchObject({
      status: "warning",
      message: expect.stringContaining("Nothing of ours listens"),
    });
    expect(await judged(at(none))).toMatchObject({
      status: "failure",
      message: expect.stringContaining("does not answer as Latchkey"),
    });
    expect(await judged(at(other))).toMatchObject({
      status: "failure",
      message: expect.stringContaining("another version"),
    });
    expect(await judged(at(same))).toMatchObject({ status: "ok" });
    expect(await judged({ ...at(same), HOST: "0.0.0.0" })).toMatchObject({
      status: "warning",
      message: expect.stringContaining("PUBLIC_URL"),
    });
    for (const server of [here, same, other, none]) server?.close();
  });
});

describe("the database", () => {
  test("that is not there, does not answer or lets nobody in is a failure, without the address", async () => {
    const at = (parts: Partial<URL>) => {
      const url = Object.assign(new URL(ownerUrl), parts).href;
      return found({ DATABASE_URL: url, MIGRATION_DATABASE_URL: url });
    };
    expect((await at({ port: "1" })).database).toEqual(failure("cannot be reached"));
    expect((await at({ pathname: "/nowhere" })).database).toEqual(failure("no such database"));
    const refused = await at({ password: "a-secret-of-mine" });
    expect(refused.database).toEqual(failure("refuses the user or password"));
    expect(JSON.stringify(refused)).not.toContain("a-secret-of-mine");
  });

  test("that is the embedded one and does not run is a warning, and is not started", async () => {
    expect((await found({ DATABASE_URL: undefined, MIGRATION_DATABASE_URL: undefined })).database).toEqual(
      warning("not running"),
    );
  });

  test("whose application's role owns tables or passes row-level security by is a failure", async () => {
    const role = `doctor_role_${randomBytes(4).toString("hex")}`;
    await owner.query(`CREATE ROLE ${role} BYPASSRLS`);
    const url = await user((name) => `GRANT ${role} TO ${name}`);
    expect((await found({ DATABASE_URL: url, DATABASE_ROLE: role })).role).toEqual(
      failure("passes row-level security by"),
    );
    await owner.query(
      `ALTER ROLE ${role} NOBYPASSRLS; CREATE TABLE doctor_own (); ALTER TABLE doctor_own OWNER TO ${role}`,
    );
    expect((await found({ DATABASE_URL: url, DATABASE_ROLE: role })).role).toEqual(failure("owns tables"));
    await owner.query("DROP TABLE doctor_own");
  });

  test("whose user may not become the application's role is a failure, with the statement that mends it", async () => {
    expect((await found({ DATABASE_URL: await user(() => "") })).role).toEqual(failure("GRANT latchkey_app TO"));
  });

  test("whose migrations' user may not change the schema is a failure", async () => {
    const url = await user((name) => `GRANT SELECT ON root_secret, "_prisma_migrations" TO ${name}`, ownerUrl);
    expect((await found({ MIGRATION_DATABASE_URL: url })).rights).toEqual(failure("owner's address"));
  });

  test("that is empty gets from the next start what is missing", async () => {
    const url = await emptyDatabase();
    const empty = await found({ DATABASE_URL: url, MIGRATION_DATABASE_URL: url });
    expect(empty.migrations).toEqual(warning("are not applied yet"));
    expect(empty["root-secret"]).toEqual(warning("Nothing is sealed yet"));
    expect(empty.extension).toEqual(warning("CREATE EXTENSION pg_trgm"));
  });

  test("that is newer than the program, or was migrated by other files, is a failure", async () => {
    const fewer = join(folder, "fewer");
    cpSync("prisma/migrations", fewer, { recursive: true });
    rmSync(join(fewer, "20261130000200_grants"), { recursive: true });
    expect((await found({}, fewer)).migrations).toEqual(failure("newer than this program"));
    const changed = join(folder, "changed");
    cpSync("prisma/migrations", changed, { recursive: true });
    writeFileSync(join(changed, "20261122000000_begin/migration.sql"), "SELECT 1;");
    expect((await found({}, changed)).migrations).toEqual(failure("was changed after it was applied"));
  });

  test("whose clock is another is a failure, or a warning while it is a little", async () => {
    const shifted = async (seconds: number) => {
      const url = await emptyDatabase();
      const other = new pg.Client({ connectionString: url });
      await other.connect();
      // Found before the server's own.
      await other.query(`CREATE FUNCTION public.clock_timestamp() RETURNS timestamptz LANGUAGE sql AS
        $$ SELECT pg_catalog.clock_timestamp() + interval '${seconds} s' $$`);
      const { pathname } = new URL(url);
      await other.query(`ALTER DATABASE ${pathname.slice(1)} SET search_path = public, pg_catalog`);
      await other.end();
      return (await found({ DATABASE_URL: url, MIGRATION_DATABASE_URL: url })).clock;
    };
    expect(await shifted(-3_600)).toEqual(failure("3600 s apart"));
    expect(await shifted(10)).toEqual(warning("apart. Set both by NTP"));
  });
});

describe("a pooler in front", () => {
  const through = async (settings: Record<string, string>, url = database) => {
    const pooler = await startPgBouncer(url, settings);
    try {
      return await found({ DATABASE_URL: pooler.url });
    } finally {
      await pooler.stop();
    }
  };

  test("that refuses or drops our start-up options is a failure; one that lets the user have them is a warning", async () => {
    expect((await through({})).pooler).toEqual(failure("refuses our start-up options"));
    expect((await through({ ignore_startup_parameters: "options" })).pooler).toEqual(failure("makes us"));
    const url = await user(
      (name) => `GRANT latchkey_app TO ${name}; ALTER ROLE ${name} SET role = latchkey_app;
        ALTER ROLE ${name} SET timezone = 'UTC'; ALTER ROLE ${name} SET statement_timeout = 15000`,
    );
    const pooled = await through({ ignore_startup_parameters: "options" }, url);
    expect(pooled.pooler).toEqual(warning("set DATABASE_POOLER=transaction"));
    expect(pooled.role?.[0]).toBe("ok");
  });
});
