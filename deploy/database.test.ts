import { spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openDatabase, refuseIfServed, stopIfUnused } from "./database.mjs";
import { stopPostgres } from "./embedded-postgres.mjs";

let folder = "";

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "latchkey-database-"));
  chmodSync(folder, 0o711);
});

afterEach(async () => {
  await stopPostgres(folder);
  rmSync(folder, { recursive: true, force: true });
});

const options = { settings: ["fsync=off"] };
const pidFile = () => join(folder, "postgres/cluster/data/postmaster.pid");
const pid = () => Number(readFileSync(pidFile(), "utf8").split("\n")[0]);

async function ask(url: string, sql: string, role?: string): Promise<pg.QueryResultRow[]> {
  const client = new pg.Client({ connectionString: url, ...(role && { options: `-c role=${role}` }) });
  client.on("error", () => undefined);
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

describe("the embedded database", () => {
  test("lets the application in as a role that owns nothing and can become nobody else", async () => {
    const { url, ownerUrl, leave } = await openDatabase(folder, options);
    expect(await ask(url, "SELECT current_user AS me", "latchkey_app")).toEqual([{ me: "latchkey_app" }]);
    await expect(ask(url, "SET ROLE postgres")).rejects.toThrow("permission denied");
    await expect(ask(url, "CREATE TABLE mine (id int)")).rejects.toThrow("permission denied");
    await expect(ask(url, "DROP TABLE audit_event", "latchkey_app")).rejects.toThrow("must be owner");
    const rights = "SELECT rolsuper, rolcreatedb, rolcreaterole, rolbypassrls FROM pg_roles WHERE rolname = 'latchkey'";
    expect(await ask(ownerUrl, rights)).toEqual([
      { rolsuper: false, rolcreatedb: false, rolcreaterole: false, rolbypassrls: false },
    ]);
    await leave();
  });

  test("listens on loopback with passwords only, and logs no values", async () => {
    const { ownerUrl, leave } = await openDatabase(folder, options);
    const setting = async (name: string) => (await ask(ownerUrl, `SHOW ${name}`))[0]?.[name];
    expect(await setting("listen_addresses")).toBe("127.0.0.1");
    expect(await setting("log_parameter_max_length")).toBe("0");
    expect(await setting("log_parameter_max_length_on_error")).toBe("0");
    expect(await ask(ownerUrl, "SELECT DISTINCT auth_method FROM pg_hba_file_rules")).toEqual([
      { auth_method: "scram-sha-256" },
    ]);
    await leave();
  });

  test("keeps its passwords to the user who started it", async () => {
    const { leave } = await openDatabase(folder, options);
    for (const file of ["database-password", "postgres/cluster/password"]) {
      expect(statSync(join(folder, file)).mode & 0o777).toBe(0o600);
    }
    await leave();
  });

  test("is one cluster when two first starts meet, and no half of another is left", async () => {
    const [one, other] = await Promise.all([openDatabase(folder, options), openDatabase(folder, options)]);
    expect(one.port).toBe(other.port);
    expect(readdirSync(join(folder, "postgres")).filter((name) => name.startsWith("new-"))).toEqual([]);
    await Promise.all([one.leave(), other.leave()]);
  });
});

describe("who serves from a data folder", () => {
  test("serves alone; the second is told which process does", async () => {
    const first = await openDatabase(folder, { ...options, alone: true });
    await expect(openDatabase(folder, { ...options, alone: true })).rejects.toThrow(
      `already running from ${folder} (process ${process.pid})`,
    );
    await expect(refuseIfServed(folder)).rejects.toThrow("already running");
    await first.leave();
    await refuseIfServed(folder);
  });

  test("does not stop a command beside it, nor is it stopped by one", async () => {
    const server = await openDatabase(folder, { ...options, alone: true });
    const command = await openDatabase(folder, options);
    await server.leave();
    expect(await ask(command.url, "SELECT 1 AS one")).toEqual([{ one: 1 }]);
    await command.leave();
    expect(existsSync(pidFile())).toBe(false);
  });

  test("learns when the server is gone, and gets it back on the same port with everything in it", async () => {
    const before = await openDatabase(folder, { alone: true });
    await ask(before.ownerUrl, "CREATE TABLE kept AS SELECT 1 AS id");
    process.kill(pid(), "SIGKILL");
    await before.lost;
    const after = await openDatabase(folder, { alone: true });
    expect(after.url).toBe(before.url);
    expect(await ask(after.ownerUrl, "SELECT id FROM kept")).toEqual([{ id: 1 }]);
    await after.leave();
  });

  test.runIf(process.platform === "linux")("takes no other program for its server", async () => {
    const before = await openDatabase(folder, options);
    process.kill(pid(), "SIGKILL");
    await before.lost;
    const lines = readFileSync(pidFile(), "utf8").split("\n");
    writeFileSync(pidFile(), [process.pid, ...lines.slice(1)].join("\n"));
    const after = await openDatabase(folder, options);
    expect(pid()).not.toBe(process.pid);
    await after.leave();
  });
});

describe("a start that fails", () => {
  const isRunning = () => existsSync(pidFile());
  const fail = () => {
    throw new Error("told to fail");
  };

  test("ends the server that it began, at whichever step it fails", async () => {
    await expect(openDatabase(folder, { ...options, log: fail })).rejects.toThrow("told to fail");
    expect(isRunning()).toBe(false);
    rmSync(join(folder, "database-password"));
    mkdirSync(join(folder, "database-password"));
    await expect(openDatabase(folder, { ...options, alone: true })).rejects.toThrow("EISDIR");
    expect(isRunning()).toBe(false);
  });

  test("leaves the server alone that another uses", async () => {
    const first = await openDatabase(folder, { ...options, alone: true });
    await expect(openDatabase(folder, { ...options, alone: true })).rejects.toThrow("already running");
    await stopIfUnused(folder);
    expect(await ask(first.url, "SELECT 1 AS one")).toEqual([{ one: 1 }]);
    await first.leave();
    expect(isRunning()).toBe(false);
  });

  test("and was killed has its server ended by whoever watched it", async () => {
    const script = `import { openDatabase } from "./deploy/database.mjs";
      await openDatabase(${JSON.stringify(folder)}, { settings: ["fsync=off"] });
      process.kill(process.pid, "SIGKILL");`;
    spawnSync(process.execPath, ["--input-type=module", "-e", script]);
    expect(isRunning()).toBe(true);
    await stopIfUnused(folder);
    expect(isRunning()).toBe(false);
  });
});
