import { randomUUID } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { createCredential } from "@/lib/credentials";
import { type Api, startApi } from "@/test/api";
import { sftpValues, type Tenant, tenant } from "@/test/tenant";

/** What an API key is narrowed to, within what its service account may do; `own.program` may use and manage everything. */
let api: Api;
let own: Tenant;
let admin: string;
let keys: string;
beforeAll(async () => {
  [api, own] = [await startApi(), await tenant()];
  admin = await own.token(own.admin);
  keys = `/api/service-accounts/${own.program.id}/api-keys`;
});

const PATH = "/api/integrations/credentials";
const NONE = { rights: null, credential_ids: null, tags: null, kinds: null, networks: null };
const newKey = (limits?: unknown) =>
  api.send("POST", keys, {
    token: admin,
    body: { name: `k ${randomUUID()}`, ...(limits !== undefined && { limits }) },
  });
const sftp = async (tags: string[] = []) => {
  const values = {
    provider: "sftp",
    type: "user_password",
    data: sftpValues(),
    name: `S ${randomUUID()}`,
    tags,
  } as const;
  return (await createCredential(own.user, { ...values, tags })).id;
};
const fetched = async (token: string, id: string) =>
  (await api.send("GET", `${PATH}/${id}/credentials`, { token })).status;

describe("limits of an API key", () => {
  test("are null without any, are shown as they hold, and may come back as they are shown", async () => {
    expect((await newKey()).body.limits).toBeNull();
    expect((await newKey(null)).body.limits).toBeNull();
    const id = await sftp();
    const limits = { rights: ["use"], credential_ids: [id.toUpperCase()], networks: ["192.0.2.0/24", "2001:DB8::/32"] };
    const made = await newKey(limits);
    const shown = { ...NONE, rights: ["use"], credential_ids: [id], networks: ["192.0.2.0/24", "2001:db8::/32"] };
    expect([made.status, made.body.limits]).toEqual([201, shown]);
    const one = `${keys}/${made.body.id}`;
    const again = await api.send("PATCH", one, { token: admin, body: { limits: made.body.limits } });
    expect([again.status, again.body.limits]).toEqual([200, shown]);
    const listed = (await api.send("GET", keys, { token: admin })).body;
    expect(listed.find((key: { id: string }) => key.id === made.body.id).limits).toEqual(shown);
    expect((await api.send("PATCH", one, { token: admin, body: { name: "renamed" } })).body.limits).toEqual(shown);
    expect((await api.send("PATCH", one, { token: admin, body: { limits: null } })).body.limits).toBeNull();
  });

  test("shut out what they do not name, by id, tag and kind, and all where they name nothing", async () => {
    const [tagged, other] = [await sftp([`t-${randomUUID()}`, "narrow"]), await sftp()];
    for (const [limits, statuses] of [
      [{ credential_ids: [tagged] }, [200, 404]],
      [{ tags: ["narrow"] }, [200, 404]],
      [{ kinds: ["sftp"] }, [200, 200]],
      [{ kinds: ["postgresql"] }, [404, 404]],
      [{ tags: ["narrow"], kinds: ["postgresql"] }, [404, 404]],
      [{ credential_ids: [] }, [404, 404]],
    ] as const) {
      const { token } = (await newKey(limits)).body;
      expect([await fetched(token, tagged), await fetched(token, other)], JSON.stringify(limits)).toEqual(statuses);
    }
  });

  test("hold from the next request on when they are changed", async () => {
    const id = await sftp();
    const { token, id: key } = (await newKey()).body;
    expect(await fetched(token, id)).toBe(200);
    const narrow = (limits: object) => api.send("PATCH", `${keys}/${key}`, { token: admin, body: { limits } });
    expect((await narrow({ rights: ["see"] })).status).toBe(200);
    expect(await fetched(token, id)).toBe(403);
    await narrow({ networks: ["203.0.113.0/24"] });
    expect(await fetched(token, id)).toBe(401);
  });

  test.each<[unknown, number, (string | number)[]]>([
    ["use", 422, ["body", "limits"]],
    [{ rights: ["odd-word"] }, 422, ["body", "limits", "rights", 0]],
    [{ credential_ids: ["odd-word"] }, 422, ["body", "limits", "credential_ids", 0]],
    [{ tags: [""] }, 422, ["body", "limits", "tags", 0]],
    [{ colours: ["odd-word"] }, 422, ["body", "limits", "colours"]],
    [{ networks: ["odd-word"] }, 400, ["body", "networks"]],
    [{ networks: ["10.0.0.1/8"] }, 400, ["body", "networks"]],
  ])("are refused by field, without what was sent: %j", async (limits, status, loc) => {
    const answer = await newKey(limits);
    expect([answer.status, answer.body.error.details[0].loc]).toEqual([status, loc]);
    expect(answer.text).not.toContain("odd-word");
  });

  test("make their key good for nothing but credentials", async () => {
    const { token } = (await newKey({ rights: ["see", "use", "edit", "manage"] })).body;
    for (const path of [keys, "/api/access/groups", "/api/admin/organizations"])
      expect((await api.send("GET", path, { token })).status, path).toBe(403);
    expect((await api.send("GET", PATH, { token })).status).toBe(200);
  });
});
