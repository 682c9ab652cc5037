import pg from "pg";
import { afterAll, expect, test } from "vitest";
import { sftpValues, tenant } from "@/test/tenant";
import { createCredential, deleteCredential, updateCredential } from ".";
import { verifyRows } from "./verify-rows";

const owner = new pg.Client({ connectionString: process.env.TEST_OWNER_DATABASE_URL });
await owner.connect();
afterAll(() => owner.end());

const COLUMNS = "sealed, key_id, sealed_version, config, summary";
async function changedOnce() {
  const own = await tenant();
  const { id } = await createCredential(own.user, { provider: "sftp", type: "user_password", data: sftpValues("old") });
  const [before] = (await owner.query(`SELECT ${COLUMNS} FROM credential WHERE id = $1`, [id])).rows;
  await updateCredential(own.user, id, { data: { mode: "merge", values: { username: "bob", password: "new" } } });
  await updateCredential(own.user, id, { tags: ["later"] });
  return { own, id, before };
}
const put = (id: string, columns: Record<string, unknown>) =>
  owner.query(`UPDATE credential SET ${Object.keys(columns).map((name, at) => `${name} = $${at + 2}`)} WHERE id = $1`, [
    id,
    ...Object.values(columns),
  ]);

test("what was created, changed, renamed and deleted by the product is what the log says it is", async () => {
  const { own } = await changedOnce();
  const gone = await createCredential(own.user, { provider: "sftp", type: "user_password", data: sftpValues() });
  await deleteCredential(own.user, gone.id);
  expect(await verifyRows(own.orgId)).toEqual([]);
});

test("a row put back to an older ciphertext is found, by credential and event, also after it was renamed", async () => {
  const { own, id, before } = await changedOnce();
  await put(id, { ...before, config: JSON.stringify(before.config) });
  const found = [{ credentialId: id, event: expect.any(String), problem: "stale_ciphertext" }];
  expect(await verifyRows(own.orgId)).toEqual(found);
  // Whoever renames it does not vouch for its ciphertext.
  await updateCredential(own.user, id, { name: `renamed ${id}` });
  expect(await verifyRows(own.orgId)).toEqual(found);
});

test.each([
  ["another host shown", { config: JSON.stringify({ host: "evil.example.com", port: 22, username: "bob" }) }],
  ["another summary shown", { summary: "somebody@elsewhere" }],
])("%s in clear than is sealed is found", async (_, columns) => {
  const { own, id } = await changedOnce();
  await put(id, columns);
  expect(await verifyRows(own.orgId)).toMatchObject([{ credentialId: id, problem: "clear_part_differs" }]);
});

test("a row that no event made is found", async () => {
  const { own, id } = await changedOnce();
  await owner.query("SET session_replication_role = replica");
  await owner.query(
    `INSERT INTO credential SELECT (jsonb_populate_record(c, jsonb_build_object('id', gen_random_uuid(), 'name_key', 'x'))).*
       FROM credential c WHERE c.id = $1`,
    [id],
  );
  await owner.query("RESET session_replication_role");
  expect(await verifyRows(own.orgId)).toMatchObject([{ problem: "unrecorded", event: null }]);
});
