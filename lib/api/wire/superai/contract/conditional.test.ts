import { beforeAll, expect, test } from "vitest";
import { listAuditEvents } from "@/lib/platform/audit/history";
import { type Api, startApi } from "@/test/api";
import { sftpValues, type Tenant, tenant } from "@/test/tenant";

let api: Api;
let own: Tenant;
let admin: string;
let program: string;
beforeAll(async () => {
  api = await startApi();
  own = await tenant();
  [admin, program] = [await own.token(own.admin), await own.token(own.program)];
});

const PATH = "/api/integrations/credentials";
const MERGE = { "content-type": "application/merge-patch+json" };

async function made() {
  const body = { provider: "sftp", credential_type: "user_password", credentials: sftpValues("kept as it is") };
  return (await api.send("POST", PATH, { token: admin, body: { ...body, tags: ["a"] } })).body;
}
const get = (path: string, token = admin, headers: Record<string, string> = {}) =>
  api.send("GET", `${PATH}/${path}`, { token, headers });
const patch = (id: string, body: object, headers: Record<string, string> = {}) =>
  api.send("PATCH", `${PATH}/${id}`, { token: admin, headers: { ...MERGE, ...headers }, body });

test("a read that names what it has is answered 304 without a body until anything that is shown has moved", async () => {
  const { id } = await made();
  const tag = async () => (await get(id)).headers.get("etag") ?? "";
  const first = await tag();
  for (const known of [first, `W/${first}`, "*", `"x", ${first}`]) {
    const again = await get(id, admin, { "if-none-match": known });
    expect([again.status, again.text, again.headers.get("etag")]).toEqual([304, "", first]);
    expect(again.headers.get("content-length")).toBeNull();
  }
  const head = await api.send("HEAD", `${PATH}/${id}`, { token: admin, headers: { "if-none-match": first } });
  expect(head.status).toBe(304);
  // A use and a test are no new version, and are shown.
  expect((await get(`${id}/credentials`, program)).status).toBe(200);
  await expect.poll(async () => (await get(id, admin, { "if-none-match": first })).status).toBe(200);
  const used = await tag();
  await patch(id, { name: `renamed ${id}` });
  expect((await get(id, admin, { "if-none-match": used })).status).toBe(200);
});

test("secrets that have not moved are not sent again, and the fetch is on record all the same", async () => {
  const { id } = await made();
  const path = `${id}/credentials`;
  const first = await get(path, program);
  const tag = first.headers.get("etag") ?? "";
  const again = await get(path, program, { "if-none-match": tag });
  expect([again.status, again.text]).toEqual([304, ""]);
  const { events } = await listAuditEvents(own.admin, { targetId: id });
  expect(events.filter(({ action }) => action === "secret.fetched")).toHaveLength(2);
  await patch(id, { credentials: { password: "another one" } });
  const changed = await get(path, program, { "if-none-match": tag });
  expect([changed.status, changed.body.password]).toEqual([200, "another one"]);
  // Who may not fetch learns nothing by a guess.
  expect((await get(path, admin, { "if-none-match": "*" })).status).toBe(403);
});

test("a condition for reads says nothing of a change", async () => {
  const { id } = await made();
  const etag = (await get(id)).headers.get("etag") ?? "";
  expect((await patch(id, { tags: ["b"] }, { "if-none-match": etag })).status).toBe(200);
});

test.each([
  ["nothing at all", {}],
  ["no field", { credentials: {} }],
  ["what is there", { tags: ["a"], active: true, expires_at: null }],
  ["the same public value", { credentials: { host: "sftp.example.com" } }],
  ["every value as it is", { credentials: sftpValues("kept as it is") }],
  ["null for what is not there", { credentials: { test_path: null, host_key: null } }],
])("a merge patch of %s keeps version, time and tag", async (_, body) => {
  const before = await made();
  const { headers } = await get(before.id);
  const answer = await patch(before.id, body);
  expect([answer.status, answer.body]).toEqual([200, before]);
  expect(answer.headers.get("etag")).toBe(headers.get("etag"));
});

test("the whole data sent again are a change, for they replace what is there", async () => {
  const { id } = await made();
  const body = { credential_type: "user_password", credentials: sftpValues() };
  expect((await api.send("PATCH", `${PATH}/${id}`, { token: admin, body })).body.version).toBe(2);
});
