import { beforeAll, describe, expect, test } from "vitest";
import { type Api, startApi } from "@/test/api";
import { tenant } from "@/test/tenant";

let api: Api;
let token: string;
beforeAll(async () => {
  api = await startApi();
  const mine = await tenant();
  token = await mine.token(mine.user, { scopes: ["read"] });
});

const get = (path: string) => api.send("GET", `/api/v1/${path}`, { token });

describe("the schemas of the kinds", () => {
  test("are 113, with the fields that clients draw their forms from, and no path of a disk", async () => {
    const { body } = await get("components-credentials");
    expect(body).toHaveLength(113);
    const inputs = body.flatMap((one: { inputs: { type: string }[] }) => one.inputs);
    const count = (type: string) => inputs.filter((input: { type: string }) => input.type === type).length;
    expect(["password", "string", "url", "options", "number", "boolean"].map(count)).toEqual([116, 99, 7, 1, 1, 1]);
    expect(body.every(({ icon }: { icon: string }) => icon === "")).toBe(true);
    expect(body.filter(({ name }: { name: string }) => name.includes("OAuth2"))).toHaveLength(8);
    for (const input of inputs)
      for (const ours of ["kind", "own", "place", "secret"]) expect(input).not.toHaveProperty(ours);
  });

  test.each([
    [
      "openAIApi",
      {
        label: "OpenAI API",
        name: "openAIApi",
        version: 1,
        inputs: [{ label: "OpenAI Api Key", name: "openAIApiKey", type: "password" }],
      },
    ],
    [
      "httpApiKey",
      {
        name: "httpApiKey",
        inputs: [
          { label: "Key", name: "key", type: "string" },
          { label: "Value", name: "value", type: "password" },
        ],
      },
    ],
  ])("%s is as captured", async (name, schema) => {
    expect((await get(`components-credentials/${name}`)).body).toMatchObject(schema);
  });

  test.each(["openAIApi&httpApiKey", "openAIApi&amp;httpApiKey"])("several names, %s, answer a list", async (names) => {
    const { body } = await get(`components-credentials/${names}`);
    expect(body.map(({ name }: { name: string }) => name)).toEqual(["openAIApi", "httpApiKey"]);
  });

  test.each(["noSuchType", "__proto__", "constructor", "openAIApi&zzz"])(
    "an unknown name, %s, is 404",
    async (name) => {
      expect(await get(`components-credentials/${name}`)).toMatchObject({ status: 404, body: { success: false } });
    },
  );

  test("are for whoever is known, and answer 304 to who has them", async () => {
    expect((await api.send("GET", "/api/v1/components-credentials")).status).toBe(401);
    const etag = (await get("components-credentials")).headers.get("etag") ?? "";
    const headers = { "if-none-match": etag };
    expect((await api.send("GET", "/api/v1/components-credentials", { token, headers })).status).toBe(304);
  });
});

test("each kind has a drawn sign, for anybody; an unknown one is 404 in JSON", async () => {
  const answer = await api.send("GET", "/api/v1/components-credentials-icon/openAIApi");
  expect(answer.headers.get("content-type")).toBe("image/svg+xml");
  expect(answer.text).toMatch(/^<svg [^>]+>.*OA.*<\/svg>$/);
  expect(answer.headers.get("content-security-policy")).toContain("default-src 'none'");
  expect((await api.send("GET", "/api/v1/components-credentials-icon/zzz")).body).toMatchObject({ statusCode: 404 });
  expect((await api.send("GET", "/api/v1/components-credentials-icon")).status).toBe(401);
});

describe("a kind that an organisation has made", () => {
  const text = `schema: 1
id: own_billing
label: Billing
credential_type: user_password
fields:
  - { name: endpoint, kind: text, label: Address, destination: true }
  - { name: username, kind: text, label: User name, destination: true }
  - { name: password, kind: password, label: Password }
authentication: [{ scheme: basic, username: "{username}", password: "{password}" }]
base_url: { field: endpoint }
test: { path: /v1/me }
`;
  const schema = {
    label: "Billing",
    name: "own_billing",
    version: 1,
    inputs: [
      { label: "Address", name: "endpoint", type: "string" },
      { label: "User name", name: "username", type: "string" },
      { label: "Password", name: "password", type: "password" },
    ],
    icon: "",
  };
  let own: string;
  let foreign: string;
  beforeAll(async () => {
    const [maker, stranger] = [await tenant(), await tenant()];
    own = await maker.token(maker.user);
    foreign = await stranger.token(stranger.user);
    const body = { text };
    const made = await api.send("POST", "/api/integrations/kinds", { token: await maker.token(maker.admin), body });
    expect(made.status, made.text).toBe(201);
  });
  const of = (path: string, by: string) => api.send("GET", `/api/v1/${path}`, { token: by });

  test("stands behind the others for its organisation, and is nowhere for another", async () => {
    const list = (await of("components-credentials", own)).body;
    expect([list.length, list.at(-1)]).toEqual([114, schema]);
    expect((await of("components-credentials", foreign)).body).toHaveLength(113);
    expect((await of("components-credentials/own_billing", own)).body).toEqual(schema);
    const both = (await of("components-credentials/openAIApi&own_billing", own)).body;
    expect(both.map(({ name }: { name: string }) => name)).toEqual(["openAIApi", "own_billing"]);
    const refused = await of("components-credentials/own_billing", foreign);
    const unknown = await of("components-credentials/own_nothing", foreign);
    expect([refused.status, unknown.status]).toEqual([404, 404]);
    expect(refused.text.replaceAll("own_billing", "own_nothing")).toBe(unknown.text);
  });

  test("has a sign that says no more than was asked", async () => {
    const [there, missing] = ["own_billing", "own_bundles"].map((name) =>
      api.send("GET", `/api/v1/components-credentials-icon/${name}`),
    );
    expect([(await there)?.status, (await missing)?.status]).toEqual([200, 200]);
  });

  test("has credentials that its form shows, and that come back from it unchanged", async () => {
    const plainDataObj = { endpoint: "https://billing.example.com", username: "ana", password: "MARKER-own" };
    const body = { name: "Nightly", credentialName: "own_billing", plainDataObj };
    const made = await api.send("POST", "/api/v1/credentials", { token: own, body });
    expect(made.status, made.text).toBe(200);
    const read = await of(`credentials/${made.body.id}`, own);
    expect(read.text).not.toContain("MARKER");
    const { endpoint, username } = plainDataObj;
    expect(read.body).toMatchObject({ credentialName: "own_billing", plainDataObj: { endpoint, username } });
    const back = { name: "Nightly", credentialName: "own_billing", plainDataObj: read.body.plainDataObj };
    const same = await api.send("PUT", `/api/v1/credentials/${made.body.id}`, { token: own, body: back });
    expect([same.status, same.body.updatedDate], same.text).toEqual([200, made.body.updatedDate]);
  });
});
