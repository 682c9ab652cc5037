import { connect } from "node:net";
import pg from "pg";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { ownDatabase } from "@/test/own-database";
import { buildWorker } from "@/test/providers/worker";
import { cut } from "@/test/rotation/cut";
import { rolesOn } from "@/test/rotation/roles";
import { startPeer } from "@/test/servers/peer";
import { type Postgres, startPostgres } from "@/test/servers/postgres";
import { refusal } from "@/test/time-travel";

/** Rotation against a real server, cut off at every point at which the process could die. */
vi.mock("@/lib/providers/connections", async (original) =>
  (await import("@/test/rotation/cut")).cuttable(await original<typeof import("@/lib/providers/connections")>()),
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

const { tenant } = await import("@/test/tenant");
const core = await import("@/lib/credentials");
const { settleRotations } = await import("./background");
const { verifyChains } = await import("@/lib/platform/audit/verify");
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

const { subject, stored, signsIn, actionsOf } = rolesOn(server, core, owner, () => own);

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
