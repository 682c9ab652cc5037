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
