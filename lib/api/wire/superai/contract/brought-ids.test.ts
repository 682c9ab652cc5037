import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import { createCredential } from "@/lib/credentials";
import { inSight, wholeOf } from "@/lib/platform/db";
import { signInWorld } from "@/test/sign-in";
import { sftpValues, type Tenant, tenant } from "@/test/tenant";

/** What came from another system is named by the id and by the kind that it had there, at every route. */
const world = signInWorld();
const PATH = "/api/integrations/credentials";
const POSTGRES = { host: "db.example.invalid", port: 5432, database: "app", username: "u", password: "secret-1" };

const brought = async (provider: "sftp" | "postgresql", owner: Tenant = world.mine) => {
  const externalId = `cred-${randomUUID()}`;
  const data = provider === "sftp" ? sftpValues() : POSTGRES;
  const { id } = await createCredential(owner.user, { provider, type: "user_password", data, externalId });
  return { id, externalId };
};
const namedAfterwards = (id: string, externalId: string) =>
  inSight(wholeOf(world.mine.orgId), (tx) =>
    tx.credential.update({ where: { orgId_id: { orgId: world.mine.orgId, id } }, data: { externalId } }),
  );
const send = (method: string, path: string, body?: unknown, token = world.user) =>
  world.api.send(method, path, { token, body });

describe("an id that a credential brought along", () => {
  test("names it wherever its own id does", async () => {
    const { id, externalId } = await brought("postgresql");
    const at = `${PATH}/${externalId}`;
    expect((await send("GET", at)).body).toMatchObject({ id, external_id: externalId });
    const change = { credential_type: "user_password", credentials: { ...POSTGRES, password: "secret-2" } };
    expect((await send("PATCH", at, change)).body).toMatchObject({ id, version: 2 });
    const fetched = await send("GET", `${at}/credentials`, undefined, world.program);
    expect([fetched.status, fetched.body.password]).toEqual([200, "secret-2"]);
    expect((await send("POST", `${at}/test`)).body).toMatchObject({ success: false });
    const tested = await send("POST", `/integrations/postgres/test-connection/${externalId}`);
    expect(tested.body).toMatchObject({ success: false });
    // Nothing is open: the very answer that its own id gets.
    expect((await send("GET", `${at}/rotate`)).status).toBe(404);
    expect((await send("DELETE", `${at}/rotate`)).status).toBe((await send("DELETE", `${PATH}/${id}/rotate`)).status);
    expect((await send("DELETE", at)).status).toBe(204);
    expect((await send("GET", `${PATH}/${id}`)).status).toBe(404);
  });

  test("names it where a parameter asks for a credential", async () => {
    const id = await world.connected("sharepoint");
    const externalId = `n8n:${randomUUID()}`;
    await namedAfterwards(id, externalId);
    const asked = (credential_id: string) => new URLSearchParams({ credential_id });
    const google = await world.connected("google");
    const googleName = `n8n:${randomUUID()}`;
    await namedAfterwards(google, googleName);
    const folders = await world.get(`/integrations/plugins/google/folders?${asked(googleName)}`);
    expect([folders.status, folders.body.length > 0], folders.text).toEqual([200, true]);
    const places = (credential_id: string, more = {}) =>
      ["sites", "drives", "folders"].map((what) => {
        const query = new URLSearchParams({ credential_id, ...(what === "drives" && { site_id: "x,y,z" }), ...more });
        return world.get(`/integrations/plugins/sharepoint/${what}?${query}`);
      });
    const [byName, byId] = [await Promise.all(places(externalId)), await Promise.all(places(id))];
    expect(byName.map(({ status }) => status)).toEqual(byId.map(({ status }) => status));
    expect(byName[0]?.body).toEqual(byId[0]?.body);
    expect((await world.get(`/integrations/sharepoint/authorize?${asked(externalId)}`)).body).toMatchObject({
      authorization_url: expect.stringContaining("http"),
    });
  });

  test("finds what uses it in the register, as its own id does", async () => {
    const { id, externalId } = await brought("sftp");
    const use = { flow_id: randomUUID(), credential_id: id, task_name: "Load", description: "" };
    const made = await send("POST", "/plugins/sftp/instances", use);
    for (const list of ["/plugins/instances", "/integrations/plugins/sftp/instances"]) {
      for (const credential_id of [id, id.toUpperCase(), externalId])
        expect((await world.get(`${list}?${new URLSearchParams({ credential_id })}`)).body).toEqual([made.body]);
      const none = await world.get(`${list}?credential_id=cred-of-nobody`);
      expect([none.status, none.body.error.details[0].loc]).toEqual([400, ["query", "credential_id"]]);
    }
  });

  test("names nothing to another organisation, nor after the credential is gone", async () => {
    const stranger = await tenant();
    const token = await stranger.token(stranger.admin);
    const { externalId } = await brought("sftp");
    for (const given of [externalId, "cred-of-nobody", "not an id", "a".repeat(300)]) {
      const path = `${PATH}/${encodeURIComponent(given)}`;
      for (const [method, at] of [
        ["GET", path],
        ["DELETE", path],
        ["POST", `${path}/test`],
        ["GET", `${path}/rotate`],
      ] as const) {
        const { status, body } = await world.api.send(method, at, { token });
        expect([status, body.error.message], `${method} ${at}`).toEqual([400, "Invalid credential ID"]);
      }
      const query = new URLSearchParams({ credential_id: given });
      for (const at of [
        "/integrations/plugins/sharepoint/sites",
        "/integrations/plugins/google/folders",
        "/integrations/google/authorize",
      ]) {
        const { status, body } = await world.get(`${at}?${query}`, token);
        expect([status, body.error.details[0].loc], at).toEqual([400, ["query", "credential_id"]]);
      }
    }
  });

  test("tells nobody but a service account what is fetched by it", async () => {
    const { externalId } = await brought("sftp");
    for (const given of [externalId, "cred-of-nobody"]) {
      const { status, body } = await send("GET", `${PATH}/${given}/credentials`);
      expect([status, body.error.message]).toEqual([403, "Service account required"]);
    }
  });
});

describe("GET /integrations/credentials/provider/{provider}", () => {
  const kind = `n8n.thing${randomUUID()}Api`;
  const make = (owner: Tenant, provider = kind) =>
    createCredential(owner.user, { provider, type: "api_key", data: { key: "k" }, openType: true });
  const list = async (name: string, token = world.user) => {
    const { status, body } = await send("GET", `${PATH}/provider/${encodeURIComponent(name)}`, undefined, token);
    return [status, status === 200 ? body.map(({ id }: { id: string }) => id) : body.error.message];
  };

  test("lists a kind that only rows which were moved in have, in any case, as ?provider= does", async () => {
    const { id } = await make(world.mine);
    for (const name of [kind, kind.toUpperCase(), kind.toLowerCase()]) expect(await list(name)).toEqual([200, [id]]);
    expect((await send("GET", `${PATH}?provider=${kind}`)).body).toMatchObject([{ id }]);
    const other = await make(world.mine, kind.toUpperCase());
    expect(await list(kind)).toEqual([200, [other.id, id]]);
  });

  test("lists one's own alone, and a kind that others of the organisation have is no kind to somebody who sees none", async () => {
    await make(world.mine);
    expect(await list(kind, await world.mine.token(world.mine.other))).toEqual([400, "Invalid provider"]);
  });

  test("refuses a kind that the organisation does not have, whoever else has it", async () => {
    await make(world.mine);
    const stranger = await tenant();
    const token = await stranger.token(stranger.admin);
    for (const name of [kind, "nothing", "%", "n8n_%"])
      expect(await list(name, token)).toEqual([400, "Invalid provider"]);
    expect(await list("SFTP", token)).toEqual([200, []]);
  });
});
