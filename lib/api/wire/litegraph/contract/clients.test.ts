import { randomUUID } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { type Api, startApi } from "@/test/api";
import { byPassword, type Doorstep, doorstep, someEmail, strongToken } from "@/test/litegraph";
import { PASSWORD } from "@/test/tenant";

/** Replicas of LiteGraph's own clients: their requests as they send them, and what they make of the answers. */
let api: Api;
let door: Doorstep;
beforeAll(async () => {
  [api, door] = [await startApi(), await doorstep()];
});

/** JavaScript 1.0.12: the object as given, JSON.parse of any 2xx, the bare error body otherwise. */
function javaScript(endpoint: string, tenantGuid: string, accessKey: string) {
  const call = async (method: string, path: string, body?: unknown, more: Record<string, string> = {}) => {
    const headers: Record<string, string> = {
      Accept: "application/json",
      Authorization: `Bearer ${accessKey}`,
      ...more,
    };
    if (body !== undefined) headers["Content-Type"] = "application/json";
    const response = await fetch(new URL(path, endpoint), {
      method,
      headers,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) {
      const json = response.headers.get("content-type")?.includes("application/json");
      throw json && text ? JSON.parse(text) : {};
    }
    return method === "DELETE" || method === "HEAD" ? true : JSON.parse(text);
  };
  const resource = (kind: string) => {
    const path = kind === "tenants" ? "v1.0/tenants" : `v1.0/tenants/${tenantGuid}/${kind}`;
    const pages = path.replace("v1.0", "v2.0");
    return {
      create: (given: object) => call("PUT", path, given),
      readAll: () => call("GET", path),
      read: (id: string) => call("GET", `${path}/${id}`),
      readMany: (ids: string[]) => call("GET", `${path}?guids=${ids.join(",")}`),
      exists: (id: string) => call("HEAD", `${path}/${id}`),
      update: (given: { GUID: string }) => call("PUT", `${path}/${given.GUID}`, given),
      delete: (id: string, force = false) => call("DELETE", `${path}/${id}${force ? "?force" : ""}`),
      enumerate: (query = "") => call("GET", `${pages}${query}`),
      enumerateAndSearch: (query: object) => call("POST", pages, query),
    };
  };
  return {
    Credential: resource("credentials"),
    User: resource("users"),
    Tenant: resource("tenants"),
    validateConnectivity: () => fetch(endpoint, { method: "HEAD" }).then(({ ok }) => ok),
    generateToken: (headers: Record<string, string>) => call("GET", "v1.0/token", undefined, headers),
    getTokenDetails: (token: string) => call("GET", "v1.0/token/details", undefined, { "x-token": token }),
  };
}

describe("the JavaScript client", () => {
  test("drives tenants, users and credentials from create to delete", async () => {
    const platform = javaScript(`${api.url}/`, door.own.orgId, door.platform);
    expect(await platform.validateConnectivity()).toBe(true);
    const tenant = await platform.Tenant.create({ GUID: randomUUID(), Name: `JS ${randomUUID()}`, Active: true });
    const sdk = javaScript(`${api.url}/`, tenant.GUID, door.platform);
    const user = await sdk.User.create({
      FirstName: "Jo",
      LastName: "Ha",
      Email: someEmail(),
      Password: PASSWORD,
      Active: true,
    });
    const token = strongToken();
    const made = await sdk.Credential.create({ UserGUID: user.GUID, Name: "js", BearerToken: token, Active: true });
    expect(made.BearerToken).toBe(token);
    expect(await sdk.Credential.exists(made.GUID)).toBe(true);
    await expect(sdk.Credential.exists(randomUUID())).rejects.toEqual({});
    const read = await sdk.Credential.read(made.GUID);
    // The documentation's own example sends an empty tenant; the dashboard sends back the whole object.
    const updated = await sdk.Credential.update({ ...read, TenantGUID: "", Name: "changed" });
    expect(updated).toMatchObject({ Name: "changed", BearerToken: read.BearerToken });
    const next = strongToken();
    expect((await sdk.Credential.update({ ...updated, BearerToken: next })).BearerToken).toBe(next);
    expect(await sdk.Credential.readMany([made.GUID])).toHaveLength(1);
    expect(await sdk.Credential.readAll()).toHaveLength(1);
    expect((await sdk.Credential.enumerate("?maxKeys=5")).TotalRecords).toBe(1);
    expect(
      (await sdk.Credential.enumerateAndSearch({ MaxResults: 5, Ordering: "CreatedDescending" })).Objects,
    ).toHaveLength(1);
    await expect(sdk.Credential.read(randomUUID())).rejects.toMatchObject({ Error: "NotFound", StatusCode: 404 });
    await expect(platform.Tenant.delete(tenant.GUID)).rejects.toMatchObject({ Error: "Conflict" });
    expect(await sdk.Credential.delete(made.GUID)).toBe(true);
    expect(await sdk.User.delete(user.GUID)).toBe(true);
    expect(await platform.Tenant.delete(tenant.GUID)).toBe(true);
  });

  test("signs in, and looks at its token with a bearer beside it", async () => {
    const sdk = javaScript(`${api.url}/`, door.own.orgId, door.admin);
    const { Token } = await sdk.generateToken(byPassword(door.own.admin));
    expect(await sdk.getTokenDetails(Token)).toMatchObject({ Tenant: { GUID: door.own.orgId }, IsExpired: false });
  });
});

const ERRORS = [
  "AuthenticationFailed",
  "AuthorizationFailed",
  "Inactive",
  "BadRequest",
  "NotFound",
  "Conflict",
  "TooLarge",
  "InternalError",
];

interface Model {
  GUID: string;
  Name?: string;
  BearerToken: string;
  Active: boolean;
}

/** Python: fields that were set and differ from their default alone; strict about media type, enum and types. */
function python(tenantGuid: string, token: string) {
  const call = async (method: string, path: string, body?: unknown) => {
    const answer = await api.send(method, path, { token, body, headers: { accept: "*/*" } });
    if (answer.status >= 400) {
      if (answer.headers.get("content-type") !== "application/json") throw new Error("SdkException");
      const { Error: name, Context } = answer.body;
      if (!ERRORS.includes(name) || (Context !== undefined && typeof Context !== "string"))
        throw new Error("SdkException");
      throw Object.assign(new Error(answer.body.Description ?? answer.body.Message), { name });
    }
    return answer.body;
  };
  const path = `/v1.0/tenants/${tenantGuid}/credentials`;
  const model = (raw: Record<string, unknown>) => {
    if ("BearerToken" in raw && typeof raw.BearerToken !== "string") throw new Error("validation");
    for (const time of [raw.CreatedUtc, raw.LastUpdateUtc])
      if (Number.isNaN(Date.parse(String(time)))) throw new Error("validation");
    return { GUID: "", BearerToken: `invented-${randomUUID()}`, Active: true, ...raw } as Model;
  };
  const exceptDefaults = (set: Record<string, unknown>) =>
    Object.fromEntries(Object.entries(set).filter(([name, value]) => !(name === "Active" && value === true)));
  return {
    create: async (set: Record<string, unknown>) => model(await call("PUT", path, exceptDefaults(set))),
    retrieve: async (id: string) => model(await call("GET", `${path}/${id}`)),
    retrieveAll: async () => (await call("GET", path)).map(model),
    exists: (id: string) =>
      call("HEAD", `${path}/${id}`).then(
        () => true,
        () => false,
      ),
    update: async (id: string, set: Record<string, unknown>) =>
      model(await call("PUT", `${path}/${id}`, exceptDefaults(set))),
    delete: (id: string) => call("DELETE", `${path}/${id}`),
    enumerate: (keys: number) => call("GET", `${path.replace("v1.0", "v2.0")}?maxKeys=${keys}`),
    bearer: async (secret: string) => model(await call("GET", `/v1.0/credentials/bearer/${secret}`)),
    deleteUserCredentials: (user: string) => call("DELETE", `${path}/${user}/credentials`),
    deleteAll: () => call("DELETE", path),
  };
}

describe("the Python client", () => {
  test("drives a credential from create to delete", async () => {
    const sdk = python(door.own.orgId, door.admin);
    const made = await sdk.create({ UserGUID: door.own.user.id, Name: "py", BearerToken: strongToken(), Active: true });
    expect((await sdk.bearer(String(made.BearerToken))).GUID).toBe(made.GUID);
    expect([await sdk.exists(made.GUID), await sdk.exists(randomUUID())]).toEqual([true, false]);
    const off = await sdk.update(made.GUID, { UserGUID: door.own.user.id, Name: "py", Active: false });
    expect([off.Active, String(off.BearerToken).includes("********")]).toEqual([false, true]);
    // It never sends Active true: its documented call to switch a credential on again leaves it out.
    const on = await sdk.update(made.GUID, { UserGUID: door.own.user.id, Name: "on", Active: true });
    expect([on.Active, on.BearerToken]).toEqual([true, off.BearerToken]);
    expect((await sdk.retrieve(made.GUID)).Name).toBe("on");
    expect((await sdk.enumerate(1)).Objects).toHaveLength(1);
    await sdk.delete(made.GUID);
    await expect(sdk.retrieve(made.GUID)).rejects.toMatchObject({ name: "NotFound" });
  });

  test("understands every refusal, and its wrong path for a user's credentials harms nobody", async () => {
    const sdk = python(door.own.orgId, door.admin);
    const made = await sdk.create({ UserGUID: door.own.user.id, Name: "kept" });
    await expect(sdk.deleteUserCredentials(door.own.user.id)).rejects.toMatchObject({ name: "BadRequest" });
    expect(await sdk.exists(made.GUID)).toBe(true);
    await expect(python(door.own.orgId, strongToken()).retrieveAll()).rejects.toMatchObject({
      name: "AuthenticationFailed",
    });
    const user = await door.own.token(door.own.user);
    await expect(python(door.own.orgId, user).retrieveAll()).rejects.toMatchObject({ name: "AuthorizationFailed" });
    await expect(sdk.create({ Name: "nobody's" })).rejects.toMatchObject({ name: "BadRequest" });
    await expect(
      sdk.create({ UserGUID: door.own.user.id, Name: "x", BearerToken: made.BearerToken }),
    ).rejects.toMatchObject({ name: "Conflict" });
    await sdk.deleteAll();
    expect(await sdk.exists(made.GUID)).toBe(false);
  });
});
