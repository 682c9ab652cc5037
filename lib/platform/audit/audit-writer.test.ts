import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createCredential, deleteCredential, fetchSecret, getCredential, updateCredential } from "@/lib/credentials";
import { sftpValues, type Tenant, tenant } from "@/test/tenant";
import { recordAlone, writeWithEvent } from "./index";

const owner = new pg.Pool({ connectionString: process.env.TEST_OWNER_DATABASE_URL, max: 2 });
afterAll(() => owner.end());

let own: Tenant;
const newCredential = () => ({ provider: "sftp", type: "user_password" as const, data: sftpValues() });
beforeAll(async () => {
  own = await tenant();
});

test("where the chain is missing, nothing is handed out and nothing is changed", async () => {
  const damaged = await tenant();
  const { id } = await createCredential(damaged.user, newCredential());
  await fetchSecret(damaged.program, id);
  await owner.query("DELETE FROM audit_head WHERE org_id = $1", [damaged.orgId]);
  const acts = {
    fetch: () => fetchSecret(damaged.program, id),
    change: () => updateCredential(damaged.user, id, { tags: ["unrecorded"] }),
    create: () => createCredential(damaged.user, newCredential()),
    delete: () => deleteCredential(damaged.user, id),
    record: () => recordAlone(damaged.admin, { action: "credential.read" }),
    people: async () =>
      (await import("@/lib/identity")).createUser(damaged.admin, { email: "x@y.zz", role: "auditor" }),
  };
  for (const [name, act] of Object.entries(acts)) {
    await expect(act(), name).rejects.toMatchObject({ code: "unavailable" });
  }
  expect(await getCredential(damaged.user, id)).toMatchObject({ version: 1, tags: [] });
  const { rows } = await owner.query("SELECT 1 FROM user_account WHERE org_id = $1 AND email = 'x@y.zz'", [
    damaged.orgId,
  ]);
  expect(rows).toEqual([]);
});

test("one event that the database cannot hold fails alone, whoever arrives with it", async () => {
  const { id } = await createCredential(own.user, newCredential());
  const poison = () => recordAlone(own.admin, { action: "credential.read", target: { type: "credential", id: "\0" } });
  const outcomes = await Promise.allSettled([
    fetchSecret(own.program, id),
    poison(),
    updateCredential(own.user, id, { tags: ["beside"] }),
    poison(),
    createCredential(own.user, newCredential()),
  ]);
  expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled", "rejected", "fulfilled"]);
});

test("what the database did is said, never concluded: refused with the reason, and then nothing is stored", async () => {
  const { id } = await createCredential(own.user, newCredential());
  const target = { type: "credential", id } as const;
  const entry = { action: "credential.deleted", target } as const;
  const remove = (expected: number) =>
    writeWithEvent({
      actor: own.user,
      entry,
      write: { kind: "delete", id, expected, at: new Date(), modifiedBy: "test" },
    });
  const eventsBefore = await count();
  expect(await remove(7)).toEqual({ done: false, why: "stale" });
  expect(await count()).toBe(eventsBefore);
  expect(await remove(1)).toEqual({ done: true });
  expect(await remove(2)).toEqual({ done: false, why: "gone" });
  expect(await count()).toBe(eventsBefore + 1);
});

const count = async () =>
  (await owner.query("SELECT count(*)::int AS n FROM audit_event WHERE org_id = $1", [own.orgId])).rows[0].n as number;
