import { randomUUID } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { grantAccess } from "@/lib/access";
import { createCredential, deleteCredential } from "@/lib/credentials";
import { Refusal } from "@/lib/platform/refusal";
import type { Role } from "@/lib/vocabulary/permissions";
import { sftpValues, type Tenant, tenant } from "@/test/tenant";
import {
  deleteInstance,
  getInstance,
  listCredentialsWithUses,
  listInstances,
  registerInstance,
  updateInstance,
  usesOfCredential,
  usesOfDeletedCredentials,
} from "./index";

let own: Tenant;
let stranger: Tenant;
beforeAll(async () => {
  [own, stranger] = [await tenant(), await tenant()];
});

/** Another person, who was given a look at a credential. */
async function seeing({ user, other }: Tenant, id: string) {
  const subject = { kind: "user", id: other.id } as const;
  await grantAccess(user, { subject, reach: "credential", key: id, rights: ["see"] });
  return other;
}

const credentialOf = async (actor = own.user) =>
  (await createCredential(actor, { provider: "sftp", type: "user_password", data: sftpValues() })).id;
const use = (credentialId: string | null, actor = own.program, taskName = "Task") =>
  registerInstance(actor, { plugin: "sftp", flowId: randomUUID(), credentialId, taskName, description: "" });

describe("what uses a credential", () => {
  test("is told in stretches to everybody who may look at it, and to nobody of another organisation", async () => {
    const id = await credentialOf();
    for (const name of ["a", "b", "c"]) await use(id, own.program, name);
    for (const actor of [own.user, own.admin, own.auditor, own.program]) {
      const page = await usesOfCredential(actor, id, { limit: 2 });
      expect([page.items.map(({ taskName }) => taskName), page.total, page.remaining]).toEqual([["c", "b"], 3, 1]);
    }
    const last = await usesOfCredential(own.user, id, { offset: 2, limit: 2 });
    expect([last.items.map(({ taskName }) => taskName), last.remaining]).toEqual([["a"], 0]);
    await expect(usesOfCredential(own.other, id, { limit: 2 })).rejects.toMatchObject({ code: "not_found" });
    for (const unknown of [id, randomUUID()])
      await expect(usesOfCredential(stranger.admin, unknown, { limit: 2 })).rejects.toMatchObject({
        code: "not_found",
      });
  });

  test("is counted beside each credential of a list, and no use is counted of another organisation or of none", async () => {
    const fresh = await tenant();
    const [used, unused] = [await credentialOf(fresh.user), await credentialOf(fresh.user)];
    await use(used, fresh.program);
    await use(used, fresh.admin);
    await use(null, fresh.program);
    await use(null, stranger.program);
    for (const actor of [fresh.user, fresh.admin, fresh.auditor]) {
      const { items } = await listCredentialsWithUses(actor, {});
      expect(Object.fromEntries(items.map(({ id, usedBy }) => [id, usedBy]))).toEqual({ [used]: 2, [unused]: 0 });
    }
    expect((await listCredentialsWithUses(fresh.other, {})).items).toEqual([]);
  });
});

test("uses of deleted credentials are told to those who saw the credential or registered the use", async () => {
  const fresh = await tenant();
  const [gone, there] = [await credentialOf(fresh.user), await credentialOf(fresh.user)];
  const [byProgram, byOther] = [await use(gone, fresh.program), await use(gone, await seeing(fresh, gone))];
  await use(there, fresh.program);
  expect(await usesOfDeletedCredentials(fresh.admin, { limit: 10 })).toMatchObject({ items: [], total: 0 });
  await deleteCredential(fresh.user, gone);
  const seen = async (actor = fresh.admin) => {
    const { items, total } = await usesOfDeletedCredentials(actor, { limit: 10 });
    expect(total).toBe(items.length);
    return items.map(({ id }) => id);
  };
  for (const actor of [fresh.admin, fresh.auditor, fresh.program, fresh.user])
    expect(await seen(actor)).toEqual([byOther.id, byProgram.id]);
  expect(await seen(fresh.other)).toEqual([byOther.id]);
  expect(await seen(stranger.admin)).toEqual([]);
});

test.each<Role>(["unconfirmed", "delegated_admin", "system"])(
  "a %s may neither read nor write the register",
  async (role) => {
    const { id } = await use(null);
    const actor = { ...own.admin, role };
    const acts = [
      () => listInstances(actor),
      () => getInstance(actor, "sftp", id),
      () => usesOfCredential(actor, id, { limit: 1 }),
      () => usesOfDeletedCredentials(actor, { limit: 1 }),
      () => listCredentialsWithUses(actor, {}),
      () => use(null, actor),
      () => updateInstance(actor, "sftp", id, {}),
      () => deleteInstance(actor, "sftp", id),
    ];
    for (const act of acts) {
      const refusal = await act().catch((error: unknown) => error);
      expect(refusal).toBeInstanceOf(Refusal);
      expect(refusal).toMatchObject({ code: "forbidden" });
    }
  },
);
