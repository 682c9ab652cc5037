import { describe, expect, test } from "vitest";
import { type CredentialData, isSecret, type Method, parseData, publicData, secretsToResend } from "../define";
import { findMethod, findProvider, methodOfStored, providerOfStored } from "../index";
import { isSecretField } from "./field";
import { findKind, kinds } from "./registry";
import { placeOfUrl } from "./url-place";

const redis = findMethod("redisCacheApi", "user_password") as Method;
const openAi = findMethod("openAIApi", "api_key") as Method;
const upstash = findMethod("upstashVectorApi", "api_key") as Method;

test("the kinds that others share with us are all there, and what is the same system as another is known", () => {
  const inputs = kinds()
    .filter(({ flowise }) => flowise)
    .flatMap(({ fields }) => fields.filter(({ own }) => !own));
  const of = (kind: string) => inputs.filter((input) => input.kind === kind).length;
  expect([inputs.length, of("password"), of("text"), of("url"), of("options"), of("number"), of("boolean")]).toEqual([
    225, 116, 99, 7, 1, 1, 1,
  ]);
  for (const { id, same_as } of kinds()) if (same_as) expect(findProvider(same_as), id).toBeDefined();
  expect(findKind("constructor")).toBeUndefined();
});

test("what asks for a password or a URL is a secret, always", () => {
  for (const { id, fields } of kinds()) {
    const [method] = findProvider(id)?.methods ?? [];
    for (const field of fields)
      expect(isSecret(method as Method, field.name), `${id} ${field.name}`).toBe(isSecretField(field));
    for (const { name, kind } of fields)
      if (kind === "password" || kind === "url") expect(isSecret(method as Method, name), `${id} ${name}`).toBe(true);
  }
});

test("what the test needs is asked for by a field that everybody may leave empty", () => {
  for (const { id, test: declared, fields } of kinds())
    for (const need of declared?.needs ?? [])
      expect(fields.find(({ name }) => name === need)?.optional, `${id} ${need}`).toBe(true);
});

describe("programs", () => {
  test("may store incomplete data, which a form does not", () => {
    expect(parseData(openAi, {})).toEqual({ ok: true, data: {} });
    expect(openAi.fields.openAIApiKey?.required).toBe(true);
  });

  test("get defaults for what is new, and none in the gaps of what is stored", () => {
    expect(parseData(redis, {})).toMatchObject({ data: { redisCacheHost: "127.0.0.1", redisCachePort: 6379 } });
    expect(parseData(redis, { redisCacheHost: "" })).toEqual({ ok: true, data: { redisCachePort: 6379 } });
    expect(parseData(redis, { redisCacheUser: "u" }, { isEdit: true })).toEqual({
      ok: true,
      data: { redisCacheUser: "u" },
    });
  });

  test("may add fields that no schema knows, of bounded name, kind and number", () => {
    const extra = { openAIApiKey: "k", access_token: "t", expires_in: 3599, active: true };
    expect(parseData(openAi, extra)).toEqual({ ok: true, data: extra });
    expect(publicData(openAi, extra)).toEqual({});
    const codes = (input: Record<string, unknown>) => {
      const parsed = parseData(openAi, input);
      return parsed.ok ? [] : parsed.problems.map(({ code }) => code);
    };
    for (const name of ["", "a b", "x".repeat(65), "constructor", "toString", "é"]) {
      expect(codes({ [name]: "x" }), name).toEqual(["unknown_field"]);
    }
    expect(codes({ nested: { a: 1 } })).toEqual(["value_error"]);
    expect(codes(Object.fromEntries(Array.from({ length: 65 }, (_, at) => [`f${at}`, "x"])))).toEqual(["value_error"]);
  });
});

test("an unknown kind is secret throughout and cannot be tested, whatever it is called within bounds", () => {
  const method = methodOfStored("noSuchType", "api_key") as Method;
  expect(publicData(method, { host: "x", any: "y" })).toEqual({});
  expect([method.testable, method.summary({ host: "MARKER" })]).toEqual([false, "noSuchType"]);
  expect(findProvider("noSuchType")).toBeUndefined();
  expect(methodOfStored("openAIApi", "oauth2")).toBeUndefined();
  for (const id of ["", "a b", "../x", "x".repeat(65), "constructor", "<b>"])
    expect(providerOfStored(id)).toBeUndefined();
});

test("the line of lists says where and as whom, and nothing of what is secret", () => {
  const told = (id: string, data: CredentialData) => findProvider(id)?.methods[0]?.summary(data);
  const place = {
    redisCacheHost: "cache.example.com",
    redisCachePort: 6379,
    redisCacheUser: "app",
    redisCachePwd: "s",
  };
  expect(told("redisCacheApi", place)).toBe("Redis API: cache.example.com:6379 as app");
  expect(told("MySQLApi", { user: "root", password: "s" })).toBe("MySQL API as root");
  expect(told("mongoDBUrlApi", { mongoDBConnectUrl: "mongodb+srv://u:s@c.example.net/db" })).toBe(
    "MongoDB ATLAS: c.example.net",
  );
  expect(told("openAIApi", { openAIApiKey: "s" })).toBe("OpenAI API");
});

test("another host in a URL asks for the token beside it again, another password in it does not", () => {
  const before = { UPSTASH_VECTOR_REST_URL: "https://u:one@a.example.com", UPSTASH_VECTOR_REST_TOKEN: "t" };
  const moved = { ...before, UPSTASH_VECTOR_REST_URL: "https://u:one@b.example.com" };
  const same = { ...before, UPSTASH_VECTOR_REST_URL: "https://u:two@a.example.com" };
  const kept = ["UPSTASH_VECTOR_REST_TOKEN", "extra"];
  expect(secretsToResend(upstash, { ...before, extra: "x" }, { ...moved, extra: "x" }, kept)).toEqual(kept);
  expect(secretsToResend(upstash, before, same, kept)).toEqual([]);
});

test.each([
  ["https://api.example.com/v1?key=SECRET", "api.example.com"],
  ["redis://u:SECRET@cache.example.com:6380/0", "cache.example.com:6380"],
  ["mongodb+srv://u:SECRET@cluster0.example.net/?w=majority", "cluster0.example.net"],
  ["mongodb://u:SECRET@a.example.net:27017,b.example.net:27018/db", "a.example.net:27017,b.example.net:27018"],
  ["http://[2001:db8::1]:9200", "[2001:db8::1]:9200"],
  ["redis://alice:12345", "alice"],
])("the place of %s is %s", (url, place) => {
  expect(placeOfUrl(url)).toBe(place);
});

test.each([
  "SECRET",
  "u:SECRET@host.example",
  "redis://u:1234/SECRET@host.example",
  "redis://u:SECRET/x@host.example",
  "redis://u:12#SECRET@host.example",
  "redis://SECRET SECRET",
  "redis://",
  "postgresql:///SECRET",
])("no place is told where a secret could be mistaken for one: %s", (url) => {
  expect(placeOfUrl(url)).toBeUndefined();
});
