import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createCredential, credentialUsage, fetchSecret, getCredential, updateCredential } from "@/lib/credentials";
import { platformActor, updateOrganization } from "@/lib/organizations";
import { sftpValues, type Tenant, tenant } from "@/test/tenant";
import { countUses } from "./uses";

const owner = new pg.Client({ connectionString: process.env.TEST_OWNER_DATABASE_URL });
let own: Tenant;
beforeAll(async () => {
  await owner.connect();
  own = await tenant();
  const operator = platformActor("test-uses", own.orgId);
  await updateOrganization(operator, own.orgId, { maxPerProvider: 1_000, maxPerUser: 1_000 });
});
afterAll(() => owner.end());

const create = async () =>
  (await createCredential(own.user, { provider: "sftp", type: "user_password", data: sftpValues() })).id;

async function lastUsed(id: string): Promise<Date | null> {
  const { rows } = await owner.query("SELECT last_used_at FROM credential WHERE id = $1", [id]);
  return rows[0].last_used_at;
}

test("a credential is changed while the uses of many others are being counted", async () => {
  const ids = (await Promise.all(Array.from({ length: 120 }, create))).sort();
  for (const id of ids) await fetchSecret(own.program, id);
  const [first = "", last = ""] = [ids[0], ids.at(-1)];
  await owner.query("BEGIN");
  await owner.query("SELECT 1 FROM credential WHERE id = $1 FOR UPDATE", [last]);
  const counting = countUses(own.orgId);
  // The first hundred are done, and the rest waits for the row that somebody has.
  await expect.poll(() => lastUsed(first)).not.toBeNull();
  await updateCredential(own.user, first, { tags: ["changed meanwhile"] });
  expect(await lastUsed(last)).toBeNull();
  await owner.query("COMMIT");
  await counting;
  expect(await lastUsed(last)).not.toBeNull();
  expect(await getCredential(own.user, first)).toMatchObject({ tags: ["changed meanwhile"] });
  expect(await credentialUsage(own.user, first)).toMatchObject([{ fetches: 1 }]);
});

test("two that count at once count each fetch once", async () => {
  const id = await create();
  for (let n = 0; n < 5; n++) {
    await Promise.all([fetchSecret(own.program, id), fetchSecret(own.program, id)]);
    await Promise.all([countUses(own.orgId), countUses(own.orgId), countUses(own.orgId)]);
  }
  expect(await credentialUsage(own.user, id)).toMatchObject([{ fetches: 10 }]);
});
