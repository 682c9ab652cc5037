import { randomUUID } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { getPerson } from "@/lib/identity";
import { ownOrganization } from "@/lib/organizations";
import { type Answer, type Api, startApi } from "@/test/api";
import { type Doorstep, doorstep, made, strongToken } from "@/test/litegraph";

/** What these doors show of people, programs, tokens and organisations may be written back: nothing but the name changes. */
let api: Api;
let door: Doorstep;
beforeAll(async () => {
  [api, door] = [await startApi(), await doorstep()];
});

type Body = Answer["body"];
/** What moves with every write. */
const still = ({ LastUpdateUtc: _, updated_at: __, modified_by: ___, ...rest }: Body): Body => rest;

describe("LiteGraph's door, where PUT takes what GET gave", () => {
  const signsIn = async (token: string) =>
    (await api.send("GET", "/api/integrations/catalog", { token })).status === 200;

  async function writtenBack(path: string, token: string, rename: (body: Body) => Body): Promise<void> {
    const send = (method: string, body?: unknown) => api.send(method, path, { token, body });
    const read = (await send("GET")).body;
    const written = await send("PUT", read);
    expect(written.status, written.text).toBe(200);
    const again = (await send("GET")).body;
    expect(still(again)).toEqual(still(read));
    const renamed = await send("PUT", rename(again));
    expect(renamed.status, renamed.text).toBe(200);
    expect(still((await send("GET")).body)).toEqual(still(rename(again)));
  }

  test.each([
    ["with scopes and graphs", { Scopes: ["read", "write"], GraphGUIDs: [randomUUID()] }],
    ["switched off", { Active: false }],
    ["with a token of its own", { BearerToken: strongToken() }],
    ["without a token", { BearerToken: null }],
    ["without a name", { Name: "" }],
  ])("a credential %s, whose token goes on signing in as before", async (_, more) => {
    const { GUID, BearerToken } = await made(api, door, more);
    const worked = BearerToken ? await signsIn(BearerToken) : false;
    await writtenBack(door.at(`/credentials/${GUID}`), door.admin, (body) => ({ ...body, Name: "renamed" }));
    if (BearerToken) expect(await signsIn(BearerToken)).toBe(worked);
  });

  test("a person, whose role, password and state stay", async () => {
    const inOrganization = () => getPerson(door.own.admin, door.own.auditor.id);
    const before = await inOrganization();
    const path = door.at(`/users/${door.own.auditor.id}`);
    await writtenBack(path, door.admin, (body) => ({ ...body, FirstName: "Renamed" }));
    const after = await inOrganization();
    expect(after).toMatchObject({ role: before.role, status: before.status, hasPassword: before.hasPassword });
  });

  test("a tenant, whose limits and settings stay", async () => {
    const facts = async () => {
      const { maxPerProvider, maxPerUser, requireTestBeforeSave } = await ownOrganization(door.own.admin);
      return { maxPerProvider, maxPerUser, requireTestBeforeSave };
    };
    const before = await facts();
    const name = `Renamed ${randomUUID()}`;
    await writtenBack(`/v1.0/tenants/${door.own.orgId}`, door.platform, (body) => ({ ...body, Name: name }));
    expect(await facts()).toEqual(before);
  });
});

describe("SuperAI's door, where PATCH takes the fields that GET gave", () => {
  const send = (method: string, path: string, body?: unknown, token = door.admin) =>
    api.send(method, path, { token, body });

  test.each([[undefined], [null], ["what it is for"]])(
    "a service account described by %s, and its key",
    async (description) => {
      const made = await send("POST", "/api/service-accounts", { name: `robot ${randomUUID()}`, description });
      const path = `/api/service-accounts/${made.body.id}`;
      const read = (await send("GET", path)).body;
      const sent = { name: read.name, description: read.description, status: read.status };
      expect((await send("PATCH", path, sent)).status).toBe(200);
      expect(still((await send("GET", path)).body)).toEqual(still(read));
      const renamed = `renamed ${randomUUID()}`;
      await send("PATCH", path, { ...sent, name: renamed });
      expect(still((await send("GET", path)).body)).toEqual({ ...still(read), name: renamed });

      const keys = `${path}/api-keys`;
      const { id } = (await send("POST", keys, { name: "key", description, scopes: ["read"] })).body;
      const listed = async () => still((await send("GET", keys)).body.find((one: { id: string }) => one.id === id));
      const key = await listed();
      const change = { name: key.name, description: key.description };
      expect((await send("PATCH", `${keys}/${id}`, change)).status).toBe(200);
      expect(await listed()).toEqual(key);
      await send("PATCH", `${keys}/${id}`, { ...change, name: "renamed" });
      expect(await listed()).toEqual({ ...key, name: "renamed" });
    },
  );

  test("an organisation's limits and settings", async () => {
    const path = `/api/admin/organizations/${door.own.orgId}`;
    const patch = (body: object) => send("PATCH", path, body, door.platform);
    const read = (await patch({})).body;
    const { max_credentials_per_provider, max_credentials_per_user, require_test_before_save } = read;
    const sent = { name: read.name, max_credentials_per_provider, max_credentials_per_user, require_test_before_save };
    expect(still((await patch(sent)).body)).toEqual(still(read));
    const name = `Renamed ${randomUUID()}`;
    expect(still((await patch({ ...sent, name })).body)).toEqual({ ...still(read), name });
  });
});
