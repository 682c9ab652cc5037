import { generateKeyPairSync, randomUUID } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { ACCOUNT, type AzureBlob, sas, startAzureBlob } from "@/test/servers/azure-blob";
import { STORAGE } from "@/test/servers/sign-in-providers";
import { PATH, signInWorld, TENANT } from "@/test/sign-in";

const world = signInWorld();
let blob: AzureBlob;
let service: Server;
let requests: string[] = [];
beforeAll(async () => {
  blob = await startAzureBlob();
  service = createServer(({ url = "" }, response) => {
    requests.push(url);
    response.writeHead(url.includes("MARKER-right") ? 200 : 401).end();
  });
  await new Promise<void>((resolve) => service.listen(0, "127.0.0.1", resolve));
});
beforeEach(() => {
  requests = [];
  blob.failing = undefined;
  blob.knows = async (token) => (await world.microsoft.known(token))?.scope === STORAGE;
});
afterAll(async () => {
  await blob?.stop();
  service?.close();
});

type Values = Record<string, unknown>;
const post = (path: string, body: unknown) => world.api.send("POST", path, { token: world.user, body });
const kept = (provider: string, credential_type: string, credentials: Values) =>
  post(PATH, { ...{ provider, credential_type, credentials }, name: randomUUID() });
const patch = (id: string, credentials: Values) =>
  world.api.send("PATCH", `${PATH}/${id}`, {
    token: world.user,
    body: { credentials },
    headers: { "content-type": "application/merge-patch+json" },
  });
const application = () => ({
  tenant_id: TENANT,
  client_id: world.microsoft.clientId,
  client_secret: world.microsoft.clientSecret,
});

describe("azure_blob", () => {
  const place = () => ({ account_name: ACCOUNT.name, endpoint: blob.endpoint });

  test.each<[string, () => Values]>([
    ["api_key", () => ({ ...place(), account_key: ACCOUNT.key, container: ACCOUNT.container })],
    ["shared_access_signature", () => ({ ...place(), sas_token: sas() })],
    ["client_credentials", () => ({ ...place(), ...application() })],
  ])("by %s is tested before it is stored, stored, tested as stored, and shown without a secret", async (type, of) => {
    const values = of();
    const tested = await post(`${PATH}/test`, { provider: "azure_blob", credential_type: type, credentials: values });
    expect([tested.status, tested.body.success], tested.text).toEqual([200, true]);
    const made = await kept("azure_blob", type, values);
    expect([made.status, made.body.credential_type], made.text).toEqual([201, type]);
    const again = await world.test(made.body.id);
    expect(again.body.success, again.text).toBe(true);
    const fetched = await world.get(`${PATH}/${made.body.id}/credentials`, world.program);
    expect(fetched.body).toMatchObject(values);
    const shown = [tested.text, made.text, again.text, (await world.get(`${PATH}/${made.body.id}`)).text].join("\n");
    for (const secret of [ACCOUNT.key, sas().slice(-20), world.microsoft.clientSecret])
      expect(shown).not.toContain(secret);
  });

  test("sends no stored key to another account or address, and takes a container as it comes", async () => {
    const { body } = await kept("azure_blob", "api_key", { ...place(), account_key: ACCOUNT.key });
    for (const change of [{ account_name: "anotheraccount" }, { endpoint: "https://elsewhere.example" }]) {
      const refused = await patch(body.id, change);
      expect([refused.status, refused.body.error.details]).toEqual([
        400,
        [expect.objectContaining({ loc: ["body", "credentials", "account_key"], type: "resend_secret" })],
      ]);
    }
    expect((await patch(body.id, { container: ACCOUNT.container })).status).toBe(200);
    expect((await patch(body.id, { account_name: "anotheraccount", account_key: ACCOUNT.key })).status).toBe(200);
  });

  test("drops an application's access when it moves, and asks for the secret alone", async () => {
    const { body } = await kept("azure_blob", "client_credentials", { ...place(), ...application() });
    const fetched = await world.get(`${PATH}/${body.id}/credentials`, world.program);
    expect(fetched.body.access_token).toEqual(expect.any(String));
    const refused = await patch(body.id, { account_name: "anotheraccount" });
    expect(refused.body.error.details.map(({ loc }: { loc: string[] }) => loc.at(-1))).toEqual(["client_secret"]);
    const moved = await patch(body.id, { account_name: "anotheraccount", client_secret: "another-client-secret" });
    expect([moved.status, moved.body.token_expires_at], moved.text).toEqual([200, null]);
  });

  test("says when access by a signature ends, and tells an ended one before anything is sent", async () => {
    const made = await kept("azure_blob", "shared_access_signature", { ...place(), sas_token: sas() });
    expect(made.body.token_expires_at).toBe("2099-01-01T00:00:00.000Z");
    const ended = await kept("azure_blob", "azure_blob_receive", {
      sas_url: `${blob.endpoint}?${sas({ until: "2001-01-01T00:00:00Z" })}`,
    });
    expect([ended.status, ended.body.credential_type]).toEqual([201, "shared_access_signature"]);
    const asked = blob.asked.length;
    expect((await world.test(ended.body.id)).body).toMatchObject({ outcome: "failed", reason: "sas_expired" });
    expect(blob.asked).toHaveLength(asked);
  });

  test("tells an application that Microsoft Entra refuses in the words for any application", async () => {
    const credentials = { ...place(), ...application(), client_secret: "wrong-client-secret" };
    const tested = await post(`${PATH}/test`, {
      provider: "azure_blob",
      credential_type: "client_credentials",
      credentials,
    });
    expect(tested.body).toMatchObject({ outcome: "failed", reason: "client_refused" });
    expect(tested.body.steps[0]).toMatchObject({ step: "renew", field: "client_secret" });
  });
});

describe("sharepoint_client_secret", () => {
  const attempt = async (more: Values = {}) =>
    (
      await post(`${PATH}/test`, {
        provider: "sharepoint_client_secret",
        credential_type: "client_credentials",
        credentials: { ...application(), ...more },
      })
    ).body;

  test("signs in as an application, and asks for its site or the root one", async () => {
    expect(await attempt()).toMatchObject({ success: true });
    expect(world.apis.asked.at(-1)).toBe("GET /v1.0/sites/root");
    expect(await attempt({ site_id: "contoso.sharepoint.com" })).toMatchObject({ success: true });
    expect(world.apis.asked.at(-1)).toBe("GET /v1.0/sites/contoso.sharepoint.com");
  });

  test("tells a site that it does not reach, in the field that names it", async () => {
    const report = await attempt({ site_id: "elsewhere.sharepoint.com" });
    expect(report).toMatchObject({ outcome: "degraded", reason: "permission_denied" });
    expect(report.steps.at(-1)).toMatchObject({ step: "permission", field: "site_id" });
    world.apis.failing = 403;
    expect(await attempt()).toMatchObject({ outcome: "degraded", reason: "permission_denied" });
    world.apis.failing = 401;
    expect(await attempt()).toMatchObject({ outcome: "failed", reason: "needs_reauth" });
  });

  test("is stored with what an application needs and handed out with access; nobody signs in for it", async () => {
    const { body } = await kept("sharepoint_client_secret", "client_credentials", application());
    const fetched = await world.get(`${PATH}/${body.id}/credentials`, world.program);
    expect(fetched.body).toMatchObject(application());
    expect(await world.microsoft.known(fetched.body.access_token)).toMatchObject({
      scope: `${world.apis.url}/.default`,
    });
    const begun = await world.get(`/api/integrations/sharepoint_client_secret/authorize?credential_id=${body.id}`);
    expect([begun.status, begun.text]).toEqual([400, expect.stringContaining("not made by signing in")]);
    expect((await world.get("/api/integrations/azure_blob/authorize")).status).toBe(404);
    const incomplete = await kept("sharepoint_client_secret", "client_credentials", { tenant_id: TENANT });
    expect(incomplete.body.error.details.map(({ loc }: { loc: string[] }) => loc.at(-1))).toEqual([
      "client_id",
      "client_secret",
    ]);
  });
});

describe("api_credential", () => {
  const base_url = () => `http://127.0.0.1:${(service.address() as AddressInfo).port}/v1`;
  const inQuery = (api_key: string) => ({ base_url: base_url(), key_in: "query", key_name: "key", api_key });

  test("with a key in the address is tested by it, and shows it in no answer and no event", async () => {
    const made = await kept("api_credential", "api_key", inQuery("MARKER-right"));
    expect(made.status, made.text).toBe(201);
    const [right, wrong] = [
      await world.test(made.body.id),
      await post(`${PATH}/test`, {
        provider: "api_credential",
        credential_type: "api_key",
        credentials: inQuery("MARKER-wrong"),
      }),
    ];
    expect([right.body.outcome, wrong.body.reason]).toEqual(["ok", "wrong_credentials"]);
    expect(requests).toEqual(["/v1/?key=MARKER-right", "/v1/?key=MARKER-wrong"]);
    expect([made.text, right.text, wrong.text].join("\n")).not.toContain("MARKER");
  });

  test("is asked for its key again when its address, the key's place or its name is another one", async () => {
    const { body } = await kept("api_credential", "api_key", inQuery("MARKER-right"));
    for (const change of [{ base_url: "https://elsewhere.example" }, { key_in: "header" }, { key_name: "token" }])
      expect((await patch(body.id, change)).body.error.details[0]).toMatchObject({
        loc: ["body", "credentials", "api_key"],
        type: "resend_secret",
      });
    expect((await patch(body.id, { test_path: "/me" })).status).toBe(200);
  });

  test("refuses what would break the request, naming the field", async () => {
    const header = { base_url: base_url(), key_name: "X-API-Key", api_key: "MARKER-right" };
    for (const change of [{ key_name: "Host" }, { key_name: "X\r\nY" }, { api_key: "a\r\nb" }, { test_path: "me" }]) {
      const answer = await kept("api_credential", "api_key", { ...header, ...change });
      expect([answer.status, answer.body.error.details[0].loc.at(-1)]).toEqual([400, Object.keys(change)[0]]);
    }
  });
});

test("sftp by the name sftp is a key where a key is sent, and stays one under that name", async () => {
  const private_key_data = generateKeyPairSync("ed25519")
    .privateKey.export({ type: "pkcs8", format: "pem" })
    .toString();
  const place = { host: "sftp.example.com", username: "alice" };
  const made = await kept("sftp", "sftp", { ...place, private_key_data });
  expect([made.status, made.body.credential_type], made.text).toEqual([201, "key_file"]);
  const path = `${PATH}/${made.body.id}`;
  const named = { credential_type: "sftp", credentials: { ...place, password: "example-password" } };
  const changed = await world.api.send("PATCH", path, { token: world.user, body: named });
  expect([changed.status, changed.body.credential_type], changed.text).toEqual([200, "user_password"]);
});
