import { randomUUID } from "node:crypto";
import { connect } from "node:net";
import pg from "pg";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { buildWorker } from "@/lib/providers/testing/worker";
import { refusal } from "@/lib/testing/later";
import { ownDatabase } from "@/lib/testing/own-database";
import { startPeer } from "../../../e2e/servers/peer";
import { type Postgres, startPostgres } from "../../../e2e/servers/postgres";
import { cut } from "./testing/cut";

/** Rotation against a real server, cut off at every point at which the process could die. */
vi.mock("@/lib/providers/connections", async (original) =>
  (await import("./testing/cut")).cuttable(await original<typeof import("@/lib/providers/connections")>()),
);
const server: Postgres = await startPostgres();
/** In front of the server: hears all that is sent to it. */
const listening = await startPeer((socket) => {
  const inner = connect(server.port, "localhost").on("error", () => socket.destroy());
  socket.pipe(inner).pipe(socket);
});
const database = await ownDatabase();
process.env.DATABASE_URL = database.url;
process.env.OUTBOUND_ALLOW = `localhost:${server.port},localhost:${listening.port}`;

const { tenant } = await import("@/lib/testing/tenant");
const core = await import("@/lib/credentials");
const { settleRotations } = await import(".");
const { verifyChains } = await import("@/lib/audit/verify");
const owner = new pg.Pool({ connectionString: database.ownerUrl, max: 1 });

let own: Awaited<ReturnType<typeof tenant>>;
let worker: Awaited<ReturnType<typeof buildWorker>>;
beforeAll(async () => {
  [own, worker] = await Promise.all([tenant(), buildWorker()]);
});
beforeEach(() => {
  Object.assign(cut, { at: undefined, meanwhile: {} });
});
afterAll(async () => {
  worker?.forget();
  await owner.end();
  await listening.stop();
  await server.stop();
});

interface Subject {
  id: string;
  role: string;
  first: string;
}

/** A role of its own on the server, and the credential that signs in as it. */
async function subject(change: Record<string, unknown> = {}): Promise<Subject> {
  const role = `r_${randomUUID().replaceAll("-", "")}`;
  const first = `first-${randomUUID()}`;
  await server.query(`CREATE ROLE ${role} LOGIN PASSWORD '${first}'`);
  const data = { host: "localhost", port: server.port, database: "app", username: role, password: first, ...change };
  const view = await core.createCredential(own.user, { provider: "postgresql", type: "user_password", data });
  return { id: view.id, role, first };
}

const stored = async (id: string) => String((await core.fetchSecret(own.program, id)).data.password);

async function signsIn({ role }: Subject, password: string): Promise<boolean> {
  const client = new pg.Client({ host: "localhost", port: server.port, database: "app", user: role, password });
  return client.connect().then(
    () => client.end().then(() => true),
    () => false,
  );
}

const actionsOf = async (id: string) => {
  const { rows } = await owner.query<{ action: string; outcome: string }>(
    "SELECT action, outcome FROM audit_event WHERE target_id = $1 AND action LIKE 'credential.rot%' ORDER BY seq",
    [id],
  );
  return rows.map(({ action, outcome }) => `${action} ${outcome}`);
};

const sound = async () => expect((await verifyChains(own.orgId)).map(({ problem }) => problem)).toEqual([null]);

test("a new password is set, proved, stored in one version, and the old one is of no use any more", async () => {
  const one = await subject();
  const seen: string[] = [];
  const rotated = await core.rotateCredential(own.user, one.id, {
    expectedVersion: 1,
    onStep: ({ id, status }) => seen.push(`${id} ${status}`),
  });
  expect(rotated).toMatchObject({ state: "done", kind: "password", reason: null, newPublicKey: null });
  expect(seen).toEqual(["make ok", "change ok", "verify ok", "store ok"]);
  expect(rotated.steps.map(({ id, status }) => `${id} ${status}`)).toEqual(seen);
  const fresh = await stored(one.id);
  expect(fresh).toMatch(/^[A-Za-z0-9_-]{43}$/);
  expect([await signsIn(one, fresh), await signsIn(one, one.first)]).toEqual([true, false]);
  const view = await core.getCredential(own.user, one.id);
  expect(view).toMatchObject({ id: one.id, version: 2, health: { outcome: "ok", current: true } });
  expect(await core.credentialTests(own.user, one.id)).toMatchObject([{ outcome: "ok", testedVersion: 2 }]);
  expect(await actionsOf(one.id)).toEqual(["credential.rotation_begun done", "credential.rotated done"]);
  const { rows } = await owner.query("SELECT sealed, lease FROM credential_rotation WHERE credential_id = $1", [
    one.id,
  ]);
  expect(rows).toEqual([{ sealed: null, lease: null }]);
  await sound();
});

test("a connection string is rotated in place", async () => {
  const one = await subject();
  const connection_string = `postgresql://${one.role}:${one.first}@localhost:${server.port}/app?sslmode=require`;
  const data = { mode: "replace", values: { connection_string } } as const;
  await core.updateCredential(own.user, one.id, { data });
  expect(await core.rotateCredential(own.user, one.id)).toMatchObject({ state: "done" });
  const { data: now } = await core.fetchSecret(own.program, one.id);
  const [, password = ""] = /:([^:@]+)@/.exec(String(now.connection_string)) ?? [];
  expect(String(now.connection_string).replace(password, one.first)).toBe(connection_string);
  expect(await signsIn(one, password)).toBe(true);
});

test("the new password crosses neither in SQL nor in anything we keep: the server gets a verifier", async () => {
  const one = await subject({ port: listening.port, sslmode: "disable" });
  expect(await core.rotateCredential(own.user, one.id)).toMatchObject({ state: "done" });
  const fresh = await stored(one.id);
  const sent = listening.received();
  expect(sent).toContain("ALTER ROLE SESSION_USER PASSWORD 'SCRAM-SHA-256$4096:");
  const { rows: events } = await owner.query("SELECT * FROM audit_event WHERE target_id = $1", [one.id]);
  const { rows: rotations } = await owner.query("SELECT * FROM credential_rotation");
  for (const secret of [fresh, one.first]) expect(sent + JSON.stringify([events, rotations])).not.toContain(secret);
});

describe("cut off", () => {
  test.each([
    // Nothing was sent yet, so the old one stays.
    ["before change", "undone"],
    ["after change", "done"],
    ["before sign-in", "done"],
    ["after sign-in", "done"],
  ])("%s, the next start finds out which password the server has, and it ends %s", async (at, state) => {
    const one = await subject();
    cut.at = at;
    await expect(core.rotateCredential(own.user, one.id)).rejects.toThrow();
    cut.at = undefined;
    expect(await stored(one.id)).toBe(one.first);
    expect(await core.credentialRotation(own.user, one.id)).toMatchObject({ state: "unsettled" });
    await settleRotations();
    expect(await core.credentialRotation(own.user, one.id)).toMatchObject({ state });
    expect(await signsIn(one, await stored(one.id))).toBe(true);
    expect((await core.getCredential(own.user, one.id)).version).toBe(state === "done" ? 2 : 1);
    // And it can be done again.
    expect(await core.rotateCredential(own.user, one.id)).toMatchObject({ state: "done" });
    await sound();
  });

  test("before anything was begun at the server, it is undone without asking the server", async () => {
    const one = await subject();
    cut.at = "before change";
    await expect(core.rotateCredential(own.user, one.id)).rejects.toThrow();
    await owner.query("UPDATE credential_rotation SET phase = 'prepared' WHERE credential_id = $1", [one.id]);
    cut.at = "before sign-in";
    await settleRotations();
    expect(await core.credentialRotation(own.user, one.id)).toMatchObject({ state: "undone", reason: "interrupted" });
    expect(await actionsOf(one.id)).toEqual(["credential.rotation_begun done", "credential.rotation_undone done"]);
  });

  test("while it is taken back, it is taken back by the next", async () => {
    const one = await subject();
    cut.at = "before change";
    await expect(core.rotateCredential(own.user, one.id)).rejects.toThrow();
    cut.at = "before undo";
    await settleRotations();
    expect(await core.credentialRotation(own.user, one.id)).toMatchObject({ state: "unsettled" });
    cut.at = undefined;
    await settleRotations();
    expect(await core.credentialRotation(own.user, one.id)).toMatchObject({ state: "undone" });
    expect(await signsIn(one, one.first)).toBe(true);
  });

  test("by a kill, nobody goes on while the one who was at it may still be alive", async () => {
    const one = await subject();
    cut.at = "after change";
    await expect(core.rotateCredential(own.user, one.id)).rejects.toThrow();
    cut.at = undefined;
    // Nobody gave the right back.
    await owner.query(
      "UPDATE credential_rotation SET lease = gen_random_uuid(), lease_until = now() + interval '20 s' WHERE credential_id = $1",
      [one.id],
    );
    await settleRotations();
    expect(await core.credentialRotation(own.user, one.id)).toMatchObject({ state: "running" });
    await expect(core.rotateCredential(own.user, one.id)).rejects.toMatchObject(refusal("conflict"));
    await owner.query("UPDATE credential_rotation SET lease_until = now() WHERE credential_id = $1", [one.id]);
    await settleRotations();
    expect(await core.credentialRotation(own.user, one.id)).toMatchObject({ state: "done" });
    expect(await signsIn(one, await stored(one.id))).toBe(true);
  });
});

describe("while it is open", () => {
  async function opened() {
    const one = await subject();
    cut.at = "after change";
    await expect(core.rotateCredential(own.user, one.id)).rejects.toThrow();
    cut.at = undefined;
    return one;
  }

  test("nobody exchanges the values under it, but a name may change", async () => {
    const one = await opened();
    const change = { data: { mode: "merge", values: { password: "mine" } } } as const;
    await expect(core.updateCredential(own.user, one.id, change)).rejects.toMatchObject({
      ...refusal("conflict"),
      message: expect.stringContaining("being rotated"),
    });
    expect(await core.updateCredential(own.user, one.id, { name: `Named ${one.role}` })).toMatchObject({ version: 2 });
    // Asking again goes on with it, and the name stays.
    expect(await core.rotateCredential(own.user, one.id)).toMatchObject({ state: "done" });
    expect(await core.getCredential(own.user, one.id)).toMatchObject({ name: `Named ${one.role}`, version: 3 });
    expect(await signsIn(one, await stored(one.id))).toBe(true);
  });

  test("a deletion takes the new secret with it", async () => {
    const one = await opened();
    await core.deleteCredential(own.user, one.id);
    const { rows } = await owner.query(
      "SELECT phase, sealed, key_id, ended_at IS NOT NULL AS ended FROM credential_rotation WHERE credential_id = $1",
      [one.id],
    );
    expect(rows).toEqual([{ phase: "abandoned", sealed: null, key_id: null, ended: true }]);
  });

  test("it cannot be called off before it is known which password the server has", async () => {
    const one = await opened();
    await expect(core.callOffRotation(own.user, one.id)).rejects.toMatchObject(refusal("conflict"));
    // Somebody sets a third one at the server.
    await server.query(`ALTER ROLE ${one.role} PASSWORD 'a third one'`);
    await settleRotations();
    expect(await core.credentialRotation(own.user, one.id)).toMatchObject({
      state: "unsettled",
      reason: "neither_works",
    });
    expect((await actionsOf(one.id)).at(-1)).toBe("credential.rotated failed");
    expect(await core.callOffRotation(own.user, one.id)).toMatchObject({ state: "abandoned", reason: "called_off" });
    expect(await stored(one.id)).toBe(one.first);
    await expect(core.callOffRotation(own.user, one.id)).rejects.toMatchObject(refusal("conflict"));
  });
});

describe("refused", () => {
  test("a wrong stored password changes nothing, and says what is wrong", async () => {
    const one = await subject({ password: "not the password" });
    const rotated = await core.rotateCredential(own.user, one.id);
    expect(rotated).toMatchObject({ state: "undone", reason: "wrong_credentials" });
    expect(rotated.steps.at(-1)).toMatchObject({
      id: "change",
      status: "failed",
      code: "wrong_credentials",
      detail: "At: Sign in",
    });
    expect([await signsIn(one, one.first), await stored(one.id)]).toEqual([true, "not the password"]);
  });

  test("a server that does not take it keeps the old one", async () => {
    const one = await subject();
    await server.query(`ALTER ROLE ${one.role} SET default_transaction_read_only = on`);
    expect(await core.rotateCredential(own.user, one.id)).toMatchObject({
      state: "undone",
      reason: "server_read_only",
    });
    expect(await signsIn(one, await stored(one.id))).toBe(true);
  });

  test("a server that takes the new one and then lets nobody in with it gets the old one back", async () => {
    const one = await subject();
    // As behind a pooler that keeps passwords of its own.
    cut.meanwhile.change = () => server.query(`ALTER ROLE ${one.role} PASSWORD '${one.first}'`);
    const rotated = await core.rotateCredential(own.user, one.id);
    expect(rotated).toMatchObject({ state: "undone", reason: "wrong_credentials" });
    expect(rotated.steps.map(({ id, status }) => `${id} ${status}`)).toEqual([
      "make ok",
      "change ok",
      "verify failed",
      "undo ok",
    ]);
    expect([await signsIn(one, one.first), await stored(one.id)]).toEqual([true, one.first]);
    expect((await actionsOf(one.id)).at(-1)).toBe("credential.rotation_undone done");
  });

  test("a server that stops answering in the middle is asked again, and both passwords are kept until then", async () => {
    const one = await subject();
    const full = (limit: number) => server.query(`ALTER ROLE ${one.role} CONNECTION LIMIT ${limit}`);
    cut.meanwhile.change = () => full(0);
    expect(await core.rotateCredential(own.user, one.id)).toMatchObject({ state: "unsettled", reason: "unreachable" });
    await expect(core.callOffRotation(own.user, one.id)).rejects.toMatchObject(refusal("conflict"));
    // Not due yet: the background does not knock without a pause.
    await settleRotations();
    expect(await core.credentialRotation(own.user, one.id)).toMatchObject({ state: "unsettled" });
    await full(-1);
    await owner.query("UPDATE credential_rotation SET retry_at = now() WHERE ended_at IS NULL");
    await settleRotations();
    expect(await core.credentialRotation(own.user, one.id)).toMatchObject({ state: "done" });
    expect(await signsIn(one, await stored(one.id))).toBe(true);
  });

  test("what cannot be rotated, is somebody else's, has moved on or is not there", async () => {
    const one = await subject();
    const sftp = await core.createCredential(own.user, {
      provider: "sftp",
      type: "user_password",
      data: { host: "h.example", port: 22, username: "u", password: "p" },
    });
    const stranger = await tenant();
    for (const [actor, id, code, options] of [
      [own.user, sftp.id, "invalid", {}],
      [own.other, one.id, "forbidden", {}],
      [own.auditor, one.id, "forbidden", {}],
      [stranger.admin, one.id, "not_found", {}],
      [own.user, randomUUID(), "not_found", {}],
      [own.user, one.id, "version_mismatch", { expectedVersion: 7 }],
    ] as const) {
      await expect(core.rotateCredential(actor, id, options), code).rejects.toMatchObject(refusal(code));
    }
    await expect(core.credentialRotation(stranger.admin, one.id)).rejects.toMatchObject(refusal("not_found"));
    await expect(core.callOffRotation(own.other, one.id)).rejects.toMatchObject(refusal("forbidden"));
    expect(await core.credentialRotation(own.auditor, one.id)).toBeNull();
    expect(await signsIn(one, one.first)).toBe(true);
  });

  test("ten at once are one: the others are told to wait, and the password that is stored works", async () => {
    const one = await subject();
    const outcomes = await Promise.allSettled(
      Array.from({ length: 10 }, () => core.rotateCredential(own.user, one.id)),
    );
    const done = outcomes.filter(({ status }) => status === "fulfilled");
    expect(done).toHaveLength(1);
    for (const one of outcomes) {
      if (one.status === "rejected") expect(["conflict", "too_many_requests"]).toContain(one.reason.code);
    }
    expect((await core.getCredential(own.user, one.id)).version).toBe(2);
    expect(await signsIn(one, await stored(one.id))).toBe(true);
  });
});
