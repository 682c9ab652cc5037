import { beforeAll, describe, expect, test } from "vitest";
import { type Api, startApi } from "@/test/api";
import { type Tenant, tenant } from "@/test/tenant";

let api: Api;
let own: Tenant;
let [admin, user, program, foreign] = ["", "", "", ""];
beforeAll(async () => {
  api = await startApi();
  own = await tenant();
  admin = await own.token(own.admin);
  user = await own.token(own.user);
  program = await own.token(own.program);
  const stranger = await tenant();
  foreign = await stranger.token(stranger.admin);
});

const PATH = "/api/integrations/kinds";
const text = (id: string, label = "Billing") => `schema: 1
id: ${id}
label: ${label}
credential_type: api_key
fields:
  - { name: endpoint, kind: text, label: Address, destination: true }
  - { name: apiKey, kind: password, label: API key }
authentication: [{ scheme: bearer, token: "{apiKey}" }]
base_url: { field: endpoint }
test: { path: /v1/me }
`;
const credentials = { endpoint: "http://10.0.0.1", apiKey: "MARKER-own" };

describe("kinds of one's own", () => {
  test("are added, listed, read, changed from a version and deleted", async () => {
    const made = await api.send("POST", PATH, { token: admin, body: { text: text("own_one") } });
    expect([made.status, made.headers.get("etag")], made.text).toEqual([201, '"1"']);
    expect(made.body).toMatchObject({ id: "own_one", label: "Billing", testable: true, credentials: 0, version: 1 });
    expect((await api.send("GET", PATH, { token: user })).body).toEqual([made.body]);
    const read = await api.send("GET", `${PATH}/own_one`, { token: program });
    expect(read.body).toEqual({ ...made.body, text: text("own_one") });
    const change = { token: admin, body: { text: text("own_one", "Invoices") }, headers: { "if-match": '"1"' } };
    expect((await api.send("PUT", `${PATH}/own_one`, change)).body).toMatchObject({ version: 2, label: "Invoices" });
    expect((await api.send("PUT", `${PATH}/own_one`, change)).status).toBe(412);
    expect((await api.send("DELETE", `${PATH}/own_one`, { token: admin })).status).toBe(204);
    expect((await api.send("GET", `${PATH}/own_one`, { token: admin })).status).toBe(404);
  });

  test("have credentials like any other, stand in the catalogue, and are not deleted under them", async () => {
    await api.send("POST", PATH, { token: admin, body: { text: text("own_two") } });
    const body = { provider: "own_two", credential_type: "api_key", name: "Nightly", credentials };
    const made = await api.send("POST", "/api/integrations/credentials", { token: user, body });
    expect(made.status, made.text).toBe(201);
    expect(made.text).not.toContain("MARKER");
    const secret = await api.send("GET", `/api/integrations/credentials/${made.body.id}/credentials`, {
      token: program,
    });
    expect(secret.body).toEqual(credentials);
    for (const [token, there] of [
      [user, true],
      [foreign, false],
    ] as const) {
      for (const path of ["/api/integrations/catalog", "/api/plugins"])
        expect((await api.send("GET", path, { token })).text.includes("own_two")).toBe(there);
    }
    const kept = await api.send("DELETE", `${PATH}/own_two`, { token: admin });
    expect([kept.status, kept.body.error.details]).toEqual([409, { credentials: 1, uses: ["Nightly"] }]);
    const refused = await api.send("POST", "/api/integrations/credentials", { token: foreign, body });
    expect([refused.status, refused.body.error.details[0].loc]).toEqual([400, ["body", "provider"]]);
  });

  test("are plugins for their organisation, and for nobody else", async () => {
    await api.send("POST", PATH, { token: admin, body: { text: text("own_plugin") } });
    const capabilities = await api.send("GET", "/api/plugins/own_plugin/capabilities", { token: user });
    expect(capabilities.body).toMatchObject({
      credentials: true,
      test_connection: true,
      oauth: false,
      instances: true,
    });
    const body = { provider: "own_plugin", credential_type: "api_key", name: "Used", credentials };
    const { id } = (await api.send("POST", "/api/integrations/credentials", { token: user, body })).body;
    const use = { flow_id: crypto.randomUUID(), credential_id: id, task_name: "Load", description: "" };
    const at = "/api/plugins/own_plugin/instances";
    const made = await api.send("POST", at, { token: user, body: use });
    expect(made.status, made.text).toBe(201);
    expect((await api.send("GET", at, { token: user })).body).toEqual([made.body]);
    const one = `${at}/${made.body.id}`;
    expect((await api.send("PUT", one, { token: user, body: { task_name: "Other" } })).body.task_name).toBe("Other");
    for (const [method, path, sent] of [
      ["GET", "/api/plugins/own_plugin/capabilities", undefined],
      ["GET", at, undefined],
      ["POST", at, { ...use, credential_id: null }],
      ["GET", one, undefined],
      ["PUT", one, { task_name: "Theirs" }],
      ["DELETE", one, undefined],
    ] as const) {
      const refused = await api.send(method, path, { token: foreign, body: sent });
      const unknown = await api.send(method, path.replace("own_plugin", "own_nothing"), { token: foreign, body: sent });
      expect([refused.status, unknown.status], `${method} ${path}`).toEqual([404, 404]);
    }
    const signIn = { redirect_to: "https://app.example.com/", integration_name: "A", provider_name: "own_plugin" };
    const authorize = await api.send("POST", "/api/plugins/own_plugin/oauth/authorize", { token: user, body: signIn });
    expect(authorize.status).toBe(404);
    expect((await api.send("DELETE", one, { token: user })).status).toBe(204);
  });

  test("are refused by line and field, and tried out before they are saved, past the guard", async () => {
    const bad = await api.send("POST", PATH, { token: admin, body: { text: text("sftp") } });
    expect([bad.status, bad.body.error.details[0].loc]).toEqual([400, ["body", "text", 2, "id"]]);
    const tried = await api.send("POST", `${PATH}/test`, {
      token: admin,
      body: { text: text("own_new"), credentials },
    });
    expect(tried.body).toMatchObject({ success: false, reason: "address_not_allowed" });
    expect(tried.text).not.toContain("MARKER");
    expect((await api.send("POST", `${PATH}/test`, { token: user, body: { text: "", credentials } })).status).toBe(403);
  });
});
