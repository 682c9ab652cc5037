import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { scramVerifier } from "@/lib/providers/postgresql/scram";
import { ownDatabase } from "@/test/own-database";
import { buildWorker } from "@/test/providers/worker";
import { cut } from "@/test/rotation/cut";
import { rolesOn } from "@/test/rotation/roles";
import { startPgBouncer } from "@/test/servers/pgbouncer";
import { type Postgres, startPostgres } from "@/test/servers/postgres";

/** A rotation that is taken back leaves the role as it was, to the byte of its verifier, or says that it may not have. */
vi.mock("@/lib/providers/connections", async (original) =>
  (await import("@/test/rotation/cut")).cuttable(await original<typeof import("@/lib/providers/connections")>()),
);
const server: Postgres = await startPostgres();
const folder = mkdtempSync(join(tmpdir(), "latchkey-auth-file-"));
/** Poolers in front of it: one that holds the role's own verifier, and two that hold the password itself. */
const [pooled, plain, hashing] = await Promise.all([
  poolerOf("pooled", "scram-sha-256", verifierOf),
  poolerOf("pooled_plain", "scram-sha-256", async () => server.password),
  poolerOf("pooled_md5", "md5", async () => server.password),
]);
const database = await ownDatabase();
process.env.DATABASE_URL = database.url;
process.env.OUTBOUND_ALLOW = [server, pooled, plain, hashing].map(({ port }) => `localhost:${port}`).join(",");

const { tenant } = await import("@/test/tenant");
const core = await import("@/lib/credentials");
const { settleRotations } = await import("./background");
const owner = new pg.Pool({ connectionString: database.ownerUrl, max: 1 });

let own: Awaited<ReturnType<typeof tenant>>;
let worker: Awaited<ReturnType<typeof buildWorker>>;
beforeAll(async () => {
  for (const [name, method] of [
    ["hashed_reader", "md5"],
    ["cleartext_reader", "password"],
  ] as const)
    await server.addReader(name, method);
  worker = await buildWorker();
});
beforeEach(async () => {
  // Each its own: an organisation may have only so many credentials of a kind.
  own = await tenant();
  Object.assign(cut, { at: undefined, meanwhile: {} });
});
afterAll(async () => {
  worker?.forget();
  await owner.end();
  await Promise.all([pooled, plain, hashing].map(({ stop }) => stop()));
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

const { stored, actionsOf } = rolesOn(server, core, owner, () => own);

/** A role of this name, and a pooler whose auth_file says this of it. */
async function poolerOf(role: string, auth_type: string, line: (role: string) => Promise<string>) {
  await server.query(`CREATE ROLE ${role} LOGIN PASSWORD '${scramVerifier(server.password)}'`);
  const auth_file = join(folder, role);
  writeFileSync(auth_file, `"${role}" "${await line(role)}"\n`);
  const settings = { auth_type, auth_file, pool_mode: "transaction", query_wait_timeout: "5" };
  const address = `postgresql://${role}:${server.password}@localhost:${server.port}/app`;
  const pooler = await startPgBouncer(address, settings);
  return { ...pooler, port: Number(new URL(pooler.url).port) };
}

async function verifierOf(role: string): Promise<string> {
  const { rows } = await server.query(`SELECT rolpassword FROM pg_authid WHERE rolname = '${role}'`);
  return String(rows[0]?.rolpassword);
}

const setVerifier = (role: string, verifier: string) => server.query(`ALTER ROLE ${role} PASSWORD '${verifier}'`);

async function credentialOf(role: string, change: Record<string, unknown> = {}): Promise<string> {
  const { port, password } = server;
  const data = { host: "localhost", port, database: "app", username: role, password, sslmode: "require", ...change };
  return (await core.createCredential(own.user, { provider: "postgresql", type: "user_password", data })).id;
}

const lastEvent = async (id: string) => (await actionsOf(id)).at(-1);

/** Every form with a few of the places where the process can die, and one with all of them. */
const KEPT: Record<string, { make: () => Promise<string>; undone: string[]; unsent: string[] }> = {
  "as servers make them": {
    make: () => withRounds(4_096),
    undone: ["not cut off", "after change", "before sign-in", "before undo", "after undo"],
    unsent: ["before look", "after look", "before change", "before undo"],
  },
  "in 10,007 rounds": { make: () => withRounds(10_007), undone: ["not cut off"], unsent: ["before change"] },
  "in one round, with a salt of one byte": {
    make: () => withRounds(1, 1),
    undone: ["after change"],
    unsent: ["before change"],
  },
  "by MD5": { make: async () => "hashed_reader", undone: ["not cut off", "after undo"], unsent: ["before change"] },
};

async function withRounds(rounds: number, bytes = 16): Promise<string> {
  const role = `r_${randomUUID().replaceAll("-", "")}`;
  const salt = Buffer.from(randomUUID()).subarray(0, bytes);
  await server.query(`CREATE ROLE ${role} LOGIN PASSWORD '${scramVerifier(server.password, salt, rounds)}'`);
  return role;
}

describe.each(Object.entries(KEPT))("a password kept %s", (_, { make, undone, unsent }) => {
  test.each(undone)("has the very same verifier after an undo: %s", async (at) => {
    const role = await make();
    const before = await verifierOf(role);
    const id = await credentialOf(role);
    cut.at = at;
    // The server lets nobody in with the new one, and keeps the old one in another form.
    cut.meanwhile.change = () => setVerifier(role, scramVerifier(server.password));
    await core.rotateCredential(own.user, id).catch(() => undefined);
    // Somebody else goes on with it.
    cut.at = undefined;
    await settleRotations();
    expect(await core.credentialRotation(own.user, id)).toMatchObject({
      state: "undone",
      reason: "wrong_credentials",
    });
    expect(await verifierOf(role)).toBe(before);
    expect(await lastEvent(id)).toBe("credential.rotation_undone done");
  });

  test.each(unsent)("has the very same verifier when it was cut off before anything was changed: %s", async (at) => {
    const role = await make();
    const before = await verifierOf(role);
    const id = await credentialOf(role);
    cut.at = at === "before undo" ? "before change" : at;
    await core.rotateCredential(own.user, id).catch(() => undefined);
    cut.at = at === "before undo" ? at : undefined;
    await settleRotations();
    cut.at = undefined;
    await settleRotations();
    expect(await core.credentialRotation(own.user, id)).toMatchObject({ state: "undone" });
    expect(await verifierOf(role)).toBe(before);
  });
});

test("a server that shows nothing of the verifier: the old password works, and it is said what may differ", async () => {
  const id = await credentialOf("cleartext_reader");
  cut.meanwhile.change = () => setVerifier("cleartext_reader", scramVerifier(server.password));
  const rotated = await core.rotateCredential(own.user, id);
  expect(rotated).toMatchObject({ state: "undone", reason: "verifier_not_restored" });
  expect(rotated.steps.at(-1)).toMatchObject({ id: "undo", status: "warning", code: "verifier_not_restored" });
  expect(await lastEvent(id)).toBe("credential.rotation_undone failed");
});

test("a server that takes nothing back: it is said, unless it shows the verifier of before", async () => {
  const role = await withRounds(5_000);
  const id = await credentialOf(role);
  const before = await verifierOf(role);
  const readOnly = () => server.query(`ALTER ROLE ${role} SET default_transaction_read_only = on`);
  cut.meanwhile.change = async () => {
    await setVerifier(role, scramVerifier(server.password));
    await readOnly();
  };
  expect(await core.rotateCredential(own.user, id)).toMatchObject({ state: "undone", reason: "not_taken_back" });
  expect(await lastEvent(id)).toBe("credential.rotation_undone failed");

  await server.query(`ALTER ROLE ${role} RESET default_transaction_read_only`);
  cut.meanwhile.change = async () => {
    await setVerifier(role, before);
    await readOnly();
  };
  await setVerifier(role, before);
  expect(await core.rotateCredential(own.user, id)).toMatchObject({ state: "undone", reason: "wrong_credentials" });
  expect([await verifierOf(role), await lastEvent(id)]).toEqual([before, "credential.rotation_undone done"]);
});

describe("behind a pooler", () => {
  async function asks(port: number, role: string): Promise<string> {
    const { password } = server;
    const client = new pg.Client({ host: "localhost", port, database: "app", user: role, password });
    client.on("error", () => undefined);
    try {
      await client.connect();
      return (await client.query("SELECT session_user::text AS role")).rows[0].role;
    } catch (error) {
      return String(error);
    } finally {
      await client.end().catch(() => undefined);
    }
  }
  /** The pooler must sign in anew. */
  const endPooled = (role: string) =>
    server.query(`SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE usename = '${role}'`);

  test.each(["not cut off", "after change", "before undo", "after undo"])(
    "with the verifier in its auth_file, the very same is set back, and the pooler still signs in at the server: %s",
    async (at) => {
      const before = await verifierOf("pooled");
      const id = await credentialOf("pooled", { port: pooled.port, sslmode: "disable" });
      cut.at = at;
      await core.rotateCredential(own.user, id).catch(() => undefined);
      if (at === "after change") expect(await verifierOf("pooled")).not.toBe(before);
      cut.at = undefined;
      await settleRotations();
      // Nobody can see through the pooler that it is so, and nothing else is claimed.
      const undone = await core.credentialRotation(own.user, id);
      expect(undone).toMatchObject({ state: "undone", reason: "verifier_unproven" });
      expect(undone?.steps.at(-1)).toMatchObject({ id: "undo", status: "warning", code: "verifier_unproven" });
      expect(await verifierOf("pooled")).toBe(before);
      expect(await stored(id)).toBe(server.password);
      await endPooled("pooled");
      // It may notice a moment later that its connection is gone.
      await expect.poll(() => asks(pooled.port, "pooled")).toBe("pooled");
    },
  );

  test.each([
    ["makes up what it shows", "pooled_plain", plain, "verifier_unsteady"],
    ["shows nothing", "pooled_md5", hashing, "pooler_hides_verifier"],
  ])("that %s, nothing is sent, since it could not be taken back", async (_, role, pooler, reason) => {
    const before = await verifierOf(role);
    const id = await credentialOf(role, { port: pooler.port, sslmode: "disable" });
    const rotated = await core.rotateCredential(own.user, id);
    expect(rotated).toMatchObject({ state: "undone", reason });
    expect(rotated.steps.map(({ id, status }) => `${id} ${status}`)).toEqual(["make ok", "change failed"]);
    expect(await verifierOf(role)).toBe(before);
    await endPooled(role);
    await expect.poll(() => asks(pooler.port, role)).toBe(role);
  });
});
