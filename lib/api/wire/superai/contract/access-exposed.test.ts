import { randomUUID } from "node:crypto";
import { beforeEach, describe, expect, test } from "vitest";
import { createCredential, fetchSecret, getCredential } from "@/lib/credentials";
import { inSight, wholeOf } from "@/lib/platform/db";
import { type Api, startApi } from "@/test/api";
import { sftpValues, type Tenant, tenant } from "@/test/tenant";

let own: Tenant;
let api: Api;
let admin: string;
beforeEach(async () => {
  [own, api] = [await tenant(), await startApi()];
  admin = await own.token(own.admin);
});

const made = async (by = own.user) =>
  (await createCredential(by, { provider: "sftp", type: "user_password", data: sftpValues(), name: randomUUID() })).id;
const get = (path: string, token = admin) => api.send("GET", path, { token });

describe("GET /access/exposed", () => {
  test("names what a program read, to those who may read the audit log, of their organisation alone", async () => {
    const id = await made();
    await made();
    await fetchSecret(own.program, id);
    const path = `/api/access/exposed?by_type=service_account&by_id=${own.program.id}`;
    const { status, body } = await get(path);
    expect([status, body]).toEqual([200, [expect.objectContaining({ credential_id: id, how: "fetched", times: 1 })]]);
    expect((await get(path, await own.token(own.auditor))).body).toEqual(body);
    for (const actor of [own.user, own.program]) expect((await get(path, await own.token(actor))).status).toBe(403);
    const stranger = await tenant();
    expect((await get(path, await stranger.token(stranger.admin))).body).toEqual([]);
  });

  test.each([
    "",
    "?by_type=user",
    `?by_id=${randomUUID()}`,
    "?from=2026-01-01T00:00:00Z",
    "?by_type=user&by_id=x",
    "?since=1",
  ])("refuses %s by the name of what is wrong", async (query) => {
    const { status, body } = await get(`/api/access/exposed${query}`);
    expect([400, 422]).toContain(status);
    expect(body.error.details ?? body.error.message).toBeTruthy();
  });
});

describe("/access/subjects/service_account/{id}/narrowing", () => {
  test("says what would be kept, and does it, for those who manage everything", async () => {
    const [used, unused] = [await made(), await made()];
    await fetchSecret(own.program, used);
    await inSight(wholeOf(own.orgId), (tx) =>
      tx.accessGrant.updateMany({ where: { subjectId: own.program.id }, data: { fromBefore: true } }),
    );
    const path = `/api/access/subjects/service_account/${own.program.id}/narrowing`;
    const would = (await get(path)).body;
    expect(would).toMatchObject({ replaced: 2, kept: 1, keeps: [{ credential_id: used, rights: ["use"] }] });
    expect((await api.send("POST", path, { token: await own.token(own.user) })).status).toBe(403);
    expect((await api.send("POST", path, { token: admin })).body).toEqual(would);
    await expect(getCredential(own.program, unused)).rejects.toMatchObject({ code: "not_found" });
    expect((await api.send("POST", path, { token: admin })).status).toBe(409);
    expect((await get(`/api/access/subjects/user/${own.user.id}/narrowing`)).status).toBe(404);
  });
});

describe("a person who goes", () => {
  test("leaves their credentials to whom the request names, deleted or shut out", async () => {
    const [first, second] = [await made(own.user), await made(own.other)];
    const heir = (id: string) => `heir_id=${id}`;
    const gone = await api.send("DELETE", `/api/admin/users/${own.user.id}?${heir(own.other.id)}`, { token: admin });
    expect(gone.status).toBe(204);
    expect((await getCredential(own.other, first)).ownerId).toBe(own.other.id);
    const shut = (heir_id: string) =>
      api.send("PATCH", `/api/admin/users/${own.other.id}`, { token: admin, body: { status: "inactive", heir_id } });
    expect((await shut(own.other.id)).body.error.details[0].loc).toEqual(["body", "heir_id"]);
    expect((await shut(own.admin.id)).status).toBe(200);
    for (const id of [first, second]) expect((await getCredential(own.admin, id)).ownerId).toBe(own.admin.id);
  });
});

describe("/access/tokens/{id}", () => {
  test("says what a key may do and made of it, and narrows it to that", async () => {
    const [used, unused] = [await made(), await made()];
    const keys = `/api/service-accounts/${own.program.id}/api-keys`;
    const key = (await api.send("POST", keys, { token: admin, body: { name: "narrow me" } })).body;
    expect((await get(`/api/integrations/credentials/${used}/credentials`, key.token)).status).toBe(200);
    const path = `/api/access/tokens/${key.id}`;
    const { status, body } = await get(path);
    expect([status, body]).toEqual([
      200,
      expect.objectContaining({ id: key.id, limits: null, subject_id: own.program.id, has_more: false }),
    ]);
    expect(body.credentials.map((one: { credential_id: string }) => one.credential_id)).toEqual([used, unused]);
    expect(body.credentials[0]).toMatchObject({ used_at: expect.any(String), is_shared: false });
    const narrowed = await api.send("POST", `${path}/narrowing`, { token: admin });
    expect([narrowed.status, narrowed.body.limits]).toEqual([200, expect.objectContaining({ credential_ids: [used] })]);
    expect((await get(path)).body.credentials).toHaveLength(1);
    expect((await get(path, await own.token(own.user))).status).toBe(404);
  });
});
