import { randomUUID } from "node:crypto";
import pg from "pg";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { ownDatabase } from "@/test/own-database";
import { buildWorker } from "@/test/providers/worker";
import { cut } from "@/test/rotation/cut";
import { rolesOn } from "@/test/rotation/roles";
import { type Postgres, startPostgres } from "@/test/servers/postgres";
import { refusal } from "@/test/time-travel";

/** What a rotation allows beside it, and what becomes of one that the server does not take. */
vi.mock("@/lib/providers/connections", async (original) =>
  (await import("@/test/rotation/cut")).cuttable(await original<typeof import("@/lib/providers/connections")>()),
);
const server: Postgres = await startPostgres();
const database = await ownDatabase();
process.env.DATABASE_URL = database.url;
process.env.OUTBOUND_ALLOW = `localhost:${server.port}`;

const { tenant } = await import("@/test/tenant");
const core = await import("@/lib/credentials");
const { settleRotations } = await import("./background");
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
  await server.stop();
});

const { subject, stored, signsIn, actionsOf } = rolesOn(server, core, owner, () => own);

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
      [own.other, one.id, "not_found", {}],
      [own.auditor, one.id, "forbidden", {}],
      [stranger.admin, one.id, "not_found", {}],
      [own.user, randomUUID(), "not_found", {}],
      [own.user, one.id, "version_mismatch", { expectedVersion: 7 }],
    ] as const) {
      await expect(core.rotateCredential(actor, id, options), code).rejects.toMatchObject(refusal(code));
    }
    await expect(core.credentialRotation(stranger.admin, one.id)).rejects.toMatchObject(refusal("not_found"));
    await expect(core.callOffRotation(own.other, one.id)).rejects.toMatchObject(refusal("not_found"));
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
