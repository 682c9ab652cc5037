import { randomUUID } from "node:crypto";
import fc from "fast-check";
import pg from "pg";
import { afterAll, afterEach, describe, expect, test, vi } from "vitest";
import { startPgBouncer } from "@/test/servers/pgbouncer";

const database = process.env.DATABASE_URL ?? "";
const owner = new pg.Pool({ connectionString: process.env.TEST_OWNER_DATABASE_URL, max: 1 });
let end: () => Promise<void> = async () => undefined;
afterEach(() => end());
afterAll(() => owner.end());

/** A start through a real PgBouncer. */
async function startThrough(settings: Record<string, string>, url = database, mode = ""): Promise<string> {
  vi.resetModules();
  process.env.DATABASE_POOLER = mode;
  const pooler = await startPgBouncer(url, settings);
  process.env.DATABASE_URL = pooler.url;
  const { ready } = await import("@/lib/platform/readiness");
  const { disconnect } = await import(".");
  end = async () => {
    await disconnect();
    await pooler.stop();
    process.env.DATABASE_URL = database;
    process.env.DATABASE_POOLER = "";
  };
  return ready().then(
    () => "ready",
    (error: Error) => error.message,
  );
}

test("a pooler that drops start-up options stops the start: every organisation's rows could be in sight", async () => {
  expect(await startThrough({ ignore_startup_parameters: "options" })).toContain("in spite of our start-up options");
});

test("a pooler that refuses start-up options stops the start with the cause, and what to do", async () => {
  const said = await startThrough({});
  expect(said).toContain("does not let us in with our start-up options");
  expect(said).toContain("ALTER ROLE");
});

test("a pooler that hands out sessions by transaction stops a start that was not told of it", async () => {
  const url = await pooledUser();
  expect(await startThrough({ ...BY_TRANSACTION, ignore_startup_parameters: "options" }, url)).toContain(
    "Set DATABASE_POOLER=transaction",
  );
});

test.each([
  ["the owner of the tables", "role = NONE", "makes us the role"],
  ["with another time zone", "timezone = 'Europe/Vienna'", "sets the time zone Europe/Vienna"],
  ["without a limit to statements", "statement_timeout = 0", "take for ever"],
  ["without a limit to idle transactions", "idle_in_transaction_session_timeout = 0", "take for ever"],
])("behind a pooler, a user %s stops the start, with what to do", async (who, setting, words) => {
  const url = await pooledUser();
  const { username } = new URL(url);
  await owner.query(`ALTER ROLE ${username} SET ${setting}`);
  if (who.startsWith("the owner")) await owner.query(`ALTER ROLE ${username} SUPERUSER`);
  const said = await startThrough(BY_TRANSACTION, url, "transaction");
  expect(said).toContain(words);
  expect(said).toContain("ALTER ROLE … SET timezone = 'UTC'");
  await owner.query(`ALTER ROLE ${username} NOSUPERUSER`);
});

test("what the refusal says works: the user of DATABASE_URL has by itself what the options would ask for", async () => {
  expect(await startThrough({ ignore_startup_parameters: "options" }, await pooledUser())).toBe("ready");
});

describe("through sessions that are handed out by transaction, two for everybody", () => {
  test("organisations at work side by side each see their own alone, whatever comes between their steps", async () => {
    expect(await startThrough(BY_TRANSACTION, await pooledUser(), "transaction")).toBe("ready");
    const { createCredential, deleteCredential, fetchSecret, listCredentials, updateCredential } = await import(
      "@/lib/credentials"
    );
    const { grantAccess } = await import("@/lib/access");
    const { acrossOrganizations, inOrganization, sharedPool, withConnection, wholeOf } = await import(".");
    const { sftpValues, tenant } = await import("@/test/tenant");
    const worlds = await Promise.all([worldOf(), worldOf()]);

    async function worldOf() {
      const own = await tenant();
      return { own, secrets: new Map<string, string>() };
    }
    type World = Awaited<ReturnType<typeof worldOf>>;
    const aSecret = ({ secrets }: World) => [...secrets][0] ?? ["", ""];
    const steps: Record<string, (world: World) => Promise<void>> = {
      create: async ({ own, secrets }) => {
        const data = sftpValues();
        const { id } = await createCredential(own.user, { provider: "sftp", type: "user_password", data });
        secrets.set(id, data.password);
      },
      fetch: async (world) => {
        const [id, password] = aSecret(world);
        if (id) expect((await fetchSecret(world.own.program, id)).data).toMatchObject({ password });
      },
      update: async (world) => {
        const [id] = aSecret(world);
        const values = sftpValues();
        if (!id) return;
        await updateCredential(world.own.user, id, { data: { mode: "replace", values } });
        world.secrets.set(id, values.password);
      },
      remove: async (world) => {
        const [id] = aSecret(world);
        if (!id) return;
        await deleteCredential(world.own.user, id);
        world.secrets.delete(id);
      },
      list: async ({ own, secrets }) => {
        const { items } = await listCredentials(own.admin, {});
        expect(items.map(({ id }) => id).sort()).toEqual([...secrets.keys()].sort());
      },
      grant: async (world) => {
        const [id] = aSecret(world);
        if (!id) return;
        const subject = { kind: "user", id: world.own.other.id } as const;
        await grantAccess(world.own.user, { subject, reach: "credential", key: id, rights: ["use"] });
      },
      // Of nobody's scope: nothing is in sight, and nothing is left of whoever had the session before.
      nobody: async () => {
        const { rows } = await sharedPool().query(
          "SELECT (SELECT count(*)::int FROM credential) AS seen, current_setting('app.org_id', true) AS org, current_setting('app.scope', true) AS scope",
        );
        expect(rows[0]).toMatchObject({ seen: 0 });
        expect([rows[0].org || "", rows[0].scope || ""]).toEqual(["", ""]);
      },
      whole: async ({ own, secrets }) => {
        const seen = await withConnection(wholeOf(own.orgId), (client) =>
          client.query("SELECT id FROM credential WHERE deleted_at IS NULL"),
        );
        expect(seen.rows.map(({ id }) => id).sort()).toEqual([...secrets.keys()].sort());
      },
      failing: async ({ own }) => {
        const failed = inOrganization(own.orgId, (tx) => tx.$queryRawUnsafe("SELECT 1/0"));
        await expect(failed).rejects.toThrow();
      },
      across: async () => {
        const there = await acrossOrganizations((tx) => tx.organization.count());
        expect(there).toBeGreaterThan(1);
      },
    };
    const script = fc.array(fc.constantFrom(...Object.keys(steps)), { minLength: 10, maxLength: 25 });
    const play = async (world: World, names: string[]) => {
      for (const name of names) await steps[name]?.(world);
    };
    const property = fc.asyncProperty(script, script, async (one, other) => {
      await Promise.all([play(worlds[0], one), play(worlds[1], other)]);
    });
    await fc.assert(property, { numRuns: 12, endOnFailure: true });
  });
});

const BY_TRANSACTION = { pool_mode: "transaction", default_pool_size: "2", max_client_conn: "50" };

/** A user who has by itself all that a session of ours needs. */
async function pooledUser(): Promise<string> {
  const name = `pooled_${randomUUID().replaceAll("-", "")}`;
  await owner.query(`CREATE ROLE ${name} LOGIN PASSWORD '${name}'; GRANT latchkey_app TO ${name};
    GRANT CONNECT ON DATABASE latchkey TO ${name};
    ALTER ROLE ${name} SET role = latchkey_app; ALTER ROLE ${name} SET timezone = 'UTC';
    ALTER ROLE ${name} SET statement_timeout = 15000; ALTER ROLE ${name} SET idle_in_transaction_session_timeout = 30000`);
  return Object.assign(new URL(database), { username: name, password: name }).href;
}
