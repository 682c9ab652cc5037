import { randomUUID } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { parsed } from "@/lib/api/http/public-error-of";
import { createUser } from "@/lib/identity";
import { platformActor } from "@/lib/organizations";
import { statement } from "@/lib/platform/db";
import { type Answer, type Api, startApi } from "@/test/api";
import { PASSWORD, sftpValues, type Tenant, tenant } from "@/test/tenant";

/**
 * Text that PostgreSQL cannot hold, and JSON that nests without end, are refused at every door that the source has. A new
 * route is tried as well.
 */
const files = Object.keys(
  import.meta.glob([
    "../../../app/[(]superai[)]/**/route.ts",
    "../../../app/[(]flowise[)]/**/route.ts",
    "../../../app/[(]litegraph[)]/**/route.ts",
  ]),
);
let api: Api;
let mine: Tenant;
let token: string;
let paths: string[];
beforeAll(async () => {
  [api, mine] = [await startApi(), await tenant()];
  token = await mine.token(mine.admin);
  const body = { provider: "sftp", credential_type: "user_password", credentials: sftpValues() };
  const { id } = (await api.send("POST", "/api/integrations/credentials", { token, body })).body;
  paths = files.map((file) => pathOf(file, id));
});

/** The path of a route file, with something of ours in the places of its parameters. */
function pathOf(file: string, credential: string): string {
  const known: Record<string, string> = {
    tenantGuid: mine.orgId,
    organization_id: mine.orgId,
    userGuid: mine.user.id,
    account_id: mine.program.id,
    provider: "google",
    plugin: "google",
    name: "openAIApi",
  };
  const segments = file.replace(/^.*?\/app\//, "").split("/");
  const named = segments.slice(0, -1).filter((segment) => !segment.startsWith("("));
  return `/${named.map((one) => one.replace(/^\[{1,2}(\.\.\.)?(.+?)\]{1,2}$/, (_, __, name) => known[name] ?? credential)).join("/")}`;
}

const METHODS = ["POST", "PUT", "PATCH"];
const JSON_TYPES = ["application/json", "application/merge-patch+json"];
/** Whatever the route says of the rest of it. */
const isRefusal = ({ status }: Answer) => (status >= 400 && status < 500) || status === 501;
/** These read no body; and at Flowise's door one that is neither JSON nor a form counts as none. */
const UNREAD =
  /\/auth\/(resolve|logout)|\/credentials\/[^/]+\/test |^PUT \/api\/v1\/credentials\/.* application\/merge-patch/;
const serverErrors = (answers: [string, Answer][]) =>
  answers
    .filter(([, answer]) => answer.status >= 500 && !isRefusal(answer))
    .map(([what, { status }]) => `${what}: ${status}`);

async function everywhere(body: string): Promise<[string, Answer][]> {
  const answers: [string, Answer][] = [];
  for (const path of paths) {
    for (const method of METHODS) {
      for (const type of JSON_TYPES) {
        const sent = { token, body, headers: { "content-type": type } };
        answers.push([`${method} ${path} ${type}`, await api.send(method, path, sent)]);
      }
    }
  }
  return answers;
}

describe("a text that cannot be stored", () => {
  test("is no body of any route, and is repeated by none", async () => {
    for (const odd of ["\\u0000", "\\ud800"]) {
      const answers = await everywhere(`{"name":"MARK${odd}","Name":"MARK${odd}","credentials":{"a":"MARK${odd}"}}`);
      expect(serverErrors(answers)).toEqual([]);
      expect(answers.filter(([, { text }]) => text.includes("MARK"))).toEqual([]);
      const taken = answers.filter(([what, answer]) => !isRefusal(answer) && !UNREAD.test(what));
      expect(taken.map(([what]) => what)).toEqual([]);
    }
  });

  test("is no parameter of any list", async () => {
    const answers: [string, Answer][] = [];
    for (const path of paths) {
      for (const name of [
        "q",
        "tag",
        "provider",
        "credentialName",
        "name",
        "cursor",
        "order",
        "guids",
        "state",
        "code",
      ]) {
        answers.push([`${path}?${name}`, await api.send("GET", `${path}?${name}=MARK%00`, { token })]);
      }
    }
    expect(serverErrors(answers)).toEqual([]);
    expect(answers.filter(([, { text }]) => text.includes("MARK"))).toEqual([]);
  });

  test("is no part of any path", async () => {
    for (const path of paths) {
      const { status } = await api.send("GET", path.replace(/[^/]+$/, "a%00"), { token });
      expect(status, path).toBe(400);
    }
  });

  const named = (answer: Answer) => [answer.status, answer.text.match(/"loc":\[[^\]]*\]|"message":"[^"]*"/g)?.at(-1)];
  test.each([
    ["a search", "/api/integrations/credentials?q=a%00", '"loc":["query","q"]'],
    ["a tag", "/api/integrations/credentials?tag=a%00", '"loc":["query","tag"]'],
    ["a provider", "/api/integrations/credentials?provider=a%00", '"loc":["query","provider"]'],
    [
      "Flowise's filter",
      "/api/v1/credentials?credentialName=a%00",
      '"message":"credentialName: Contains characters that cannot be stored"',
    ],
  ])("in %s is 400 and names the parameter", async (_, path, place) => {
    expect(named(await api.send("GET", path, { token }))).toEqual([400, place]);
  });

  test("never gets to the console, whose pages read their addresses in many places", async () => {
    for (const path of ["/credentials?q=a%00", "/audit/export?q=a%00", "/audit?a%00=b", "/people?x=1&q=%00"])
      expect((await api.send("GET", path)).status, path).toBe(400);
    for (const path of ["/credentials?q=a%2500", "/audit?q=a%20b"])
      expect((await api.send("GET", path)).status).toBe(404);
  });

  test("is no input of a feed or an action", () => {
    const schema = z.object({ q: z.string(), tags: z.array(z.string()) });
    expect(parsed(schema, { q: "a", tags: ["💥"] })).toEqual({ q: "a", tags: ["💥"] });
    for (const [input, path] of [
      [{ q: "a\0", tags: [] }, ["q"]],
      [{ q: "a", tags: ["b", "\udc00"] }, ["tags", 1]],
      [{ q: "a", tags: [], "x\0": 1 }, []],
    ] as const)
      expect(() => parsed(schema, input)).toThrow(
        expect.objectContaining({ fields: [expect.objectContaining({ path })] }),
      );
  });

  test("inside a list's cursor is a cursor of no list", async () => {
    const cursor = (key: string) =>
      Buffer.from(JSON.stringify({ sort: "name", key, id: randomUUID() })).toString("base64url");
    const list = (key: string) =>
      api.send("GET", `/api/integrations/credentials?sort=name&cursor=${cursor(key)}`, { token });
    expect((await list("a")).status).toBe(200);
    for (const key of ["a\0", "a\ud800"]) expect((await list(key)).status).toBe(400);
  });

  test.each([
    ["POST", "/api/service-accounts", { name: "a\0" }, '"loc":["body","name"]'],
    ["POST", "/api/v1/credentials", { name: "a\0", credentialName: "openAIApi", plainDataObj: {} }, "name: "],
    ["POST", "/api/v1/credentials", { name: "a", credentialName: "x", plainDataObj: { k: "a\0" } }, "plainDataObj.k: "],
    ["POST", "/api/v1/auth/login", { email: "a\0@example.test", password: PASSWORD }, "email: "],
    ["POST", "/api/v1/auth/login", { email: "a@example.test", password: "a\0" }, "password: "],
  ])("%s %s with %o is 400 and names the field", async (method, path, body, place) => {
    const answer = await api.send(method, path, { token, body });
    expect(answer.status).toBe(400);
    expect(answer.text).toContain(place);
  });

  test("in a form's field is 400 as well", async () => {
    const headers = { "content-type": "application/x-www-form-urlencoded" };
    const body = "name=a%00&credentialName=openAIApi&plainDataObj[openAIApiKey]=b";
    expect((await api.send("POST", "/api/v1/credentials", { token, body, headers })).status).toBe(400);
  });

  test("that gets past every door is refused by the database's own part, and is no fault of ours", async () => {
    const refused = { name: "Refusal", code: "invalid" };
    await expect(statement("holds_text", "SELECT $1::text AS held", ["a\0"])).rejects.toMatchObject(refused);
    await expect(statement("holds_json", "SELECT $1::jsonb AS held", ['"\\u0000"'])).rejects.toMatchObject(refused);
    const system = platformActor(`test-${randomUUID()}`, mine.orgId);
    const person = { email: `a-${randomUUID()}@example.test`, firstName: "a\0", role: "app_user" as const };
    await expect(createUser(system, person)).rejects.toMatchObject(refused);
  });
});

describe("a body of very many fields", () => {
  const many = (fields: number) =>
    Object.fromEntries(Array.from({ length: fields }, (_, at) => [`unknown_${at}`, "x"]));
  const asBody = (fields: number) => ({
    provider: "sftp",
    credential_type: "user_password",
    credentials: many(fields),
  });

  test("is refused before its fields are judged", async () => {
    for (const body of [many(201), asBody(201), asBody(1_900)]) {
      const answer = await api.send("POST", "/api/integrations/credentials", { token, body });
      expect([answer.status, answer.body.error.message]).toEqual([400, expect.stringContaining("200 fields")]);
    }
  });

  test("is told of twenty problems and no more", async () => {
    for (const body of [many(200), asBody(200)]) {
      const answer = await api.send("POST", "/api/integrations/credentials", { token, body });
      expect(answer.body.error.details).toHaveLength(20);
    }
  });
});

describe("JSON that nests without end", () => {
  const levels = 20_000;
  const bodies = {
    "never closed": "[".repeat(40_000),
    "well closed": `${'{"a":'.repeat(levels)}1${"}".repeat(levels)}`,
    "in a list": `{"a":${"[".repeat(levels)}${"]".repeat(levels)}}`,
    "behind a text that does not end": `{"a":["\n${"[".repeat(40_000)}`,
  };
  test.each(Object.entries(bodies))("%s is refused by every route, and none fails on it", async (_, body) => {
    const answers = await everywhere(body);
    expect(serverErrors(answers)).toEqual([]);
  });

  test.each([
    "/api/integrations/credentials",
    "/api/integrations/credentials/test",
    "/api/integrations/sftp/test-connection",
    "/api/service-accounts",
    "/api/v1/credentials",
    "/api/v1/auth/login",
    "/v2.0/tenants",
  ])("is 400 at %s", async (path) => {
    for (const body of Object.values(bodies)) expect((await api.send("POST", path, { token, body })).status).toBe(400);
  });
});
