import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { allowing, buildWorker, tryOut, walked } from "@/test/providers/worker";
import { type Method, parseData } from "../define";
import { doubtsAbout } from "../doubts";
import { findMethod } from "../index";

let service: Server;
let port = 0;
let worker: Awaited<ReturnType<typeof buildWorker>>;
const seen: { method: string; url: string; headers: IncomingHttpHeaders }[] = [];
let status = 200;
beforeAll(async () => {
  worker = await buildWorker();
  service = createServer(({ method = "", url = "", headers }, response) => {
    seen.push({ method, url, headers });
    response.writeHead(status, { location: "https://elsewhere.example/" }).end("SERVICE-WORDS");
  });
  await new Promise<void>((resolve) => service.listen(0, "127.0.0.1", resolve));
  port = (service.address() as AddressInfo).port;
});
beforeEach(() => {
  seen.length = 0;
  status = 200;
});
afterAll(async () => {
  worker?.forget();
  service?.closeAllConnections();
  await new Promise((done) => service?.close(done));
});

const base_url = () => `http://127.0.0.1:${port}/v1/`;
const attempt = (type: "api_key" | "user_password", values: object) =>
  tryOut("api_credential", type, { base_url: base_url(), ...values }, { policy: allowing(port) });
const header = { key_name: "X-API-Key", api_key: "MARKER-key" };

describe("the key goes where the values say, and nowhere else", () => {
  test.each<[string, "api_key" | "user_password", object, string, Record<string, string>]>([
    ["a header", "api_key", header, "/v1/", { "x-api-key": "MARKER-key" }],
    [
      "a word in front of it",
      "api_key",
      { key_name: "Authorization", key_prefix: "Bearer", api_key: "MARKER-key", test_path: "/me?full=1" },
      "/v1/me?full=1",
      { authorization: "Bearer MARKER-key" },
    ],
    [
      "a word with its space",
      "api_key",
      { key_name: "Authorization", key_prefix: "Bearer ", api_key: "MARKER-key" },
      "/v1/",
      { authorization: "Bearer MARKER-key" },
    ],
    [
      "what ends in another sign",
      "api_key",
      { key_name: "Authorization", key_prefix: "Token token=", api_key: "MARKER-key" },
      "/v1/",
      { authorization: "Token token=MARKER-key" },
    ],
    [
      "the address",
      "api_key",
      { key_in: "query", key_name: "api key".replace(" ", "_"), api_key: "MARKER&key=1" },
      "/v1/?api_key=MARKER%26key%3D1",
      {},
    ],
    [
      "the address behind other parameters",
      "api_key",
      { key_in: "query", key_name: "key", api_key: "MARKER-key", test_path: "/items?limit=1" },
      "/v1/items?limit=1&key=MARKER-key",
      {},
    ],
    [
      "user name and password",
      "user_password",
      { username: "alice", password: "MARKER pass:word" },
      "/v1/",
      { authorization: `Basic ${Buffer.from("alice:MARKER pass:word").toString("base64")}` },
    ],
  ])("%s", async (_, type, values, url, headers) => {
    const report = await attempt(type, values);
    expect(walked(report).slice(-2)).toEqual(["sign_in ok", "permission ok"]);
    expect(seen).toEqual([{ method: "GET", url, headers: expect.objectContaining(headers) }]);
    const { host: _host, ...others } = seen[0]?.headers ?? {};
    expect(JSON.stringify(others).split("MARKER").length - 1).toBe(Number(JSON.stringify(headers).includes("MARKER")));
    expect(JSON.stringify(report)).not.toContain("MARKER");
  });
});

test.each<[number, string, string | undefined]>([
  [200, "ok", undefined],
  [204, "ok", undefined],
  [301, "failed", "redirected"],
  [401, "failed", "wrong_credentials"],
  [402, "degraded", "no_credit"],
  [403, "failed", "access_refused"],
  [404, "failed", "path_unknown"],
  [405, "failed", "path_unknown"],
  [418, "failed", "unexpected_answer"],
  [429, "unreachable", "rate_limited"],
  [500, "unreachable", "service_trouble"],
])("status %i means %s, %s", async (answered, outcome, reason) => {
  status = answered;
  const report = await attempt("api_key", header);
  expect([report.outcome, report.reason]).toEqual([outcome, reason]);
  const told = report.steps.find(({ code }) => code === reason);
  if (reason) expect([told?.meaning, told?.advice].join(" ")).toMatch(/^[A-Z].+\. [A-Z].+\.$/);
  if (reason === "wrong_credentials") expect(told?.field).toBe("api_key");
  if (reason === "path_unknown") expect(told?.field).toBe("test_path");
  expect(JSON.stringify(report)).not.toMatch(/SERVICE-WORDS|MARKER/);
  expect(seen).toHaveLength(1);
});

test("an address that the operator has not opened is refused in its field", async () => {
  const options = { policy: { allow: [], selfEndpoints: [] } };
  const report = await tryOut("api_credential", "api_key", { base_url: base_url(), ...header }, options);
  const step = report.steps.find(({ id }) => id === "address");
  expect([report.reason, step?.field]).toEqual(["address_not_allowed", "base_url"]);
});

const methodOf = (type: "api_key" | "user_password") => findMethod("api_credential", type) as Method;
const accepts = (values: object, type: "api_key" | "user_password" = "api_key") =>
  parseData(methodOf(type), { base_url: "https://api.example.com", ...header, ...values }).ok;

test("no name, prefix, path or key can break out of its place in the request", () => {
  const names = [
    "Host",
    "content-length",
    "Transfer-Encoding",
    "Cookie",
    "Proxy-Authorization",
    "X-Forwarded-For",
    "a b",
    "a:",
    "",
  ];
  for (const key_name of names) expect(accepts({ key_name }), key_name).toBe(false);
  for (const key_name of ["Authorization", "X-API-Key", "apikey"]) expect(accepts({ key_name }), key_name).toBe(true);
  for (const test_path of ["me", "//x\r\n", "/a b", "/a#b", "/{api_key}", "/\\x"])
    expect(accepts({ test_path }), test_path).toBe(false);
  const urls = [
    "ftp://x.example",
    "https://u:p@x.example",
    "https://x.example?key=1",
    "https://x.example/#a",
    "https://{api_key}.example",
  ];
  for (const base_url of urls) expect(accepts({ base_url }), base_url).toBe(false);
  expect(accepts({ key_in: "query", key_prefix: "Bearer" })).toBe(false);
  fc.assert(
    fc.property(fc.string(), fc.constantFrom("key_name", "key_prefix", "api_key", "test_path"), (text, name) => {
      // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must not get through
      if (accepts({ [name]: `a${text}` })) expect(text).not.toMatch(/[\x00-\x1f\x7f]/);
    }),
  );
});

test("no path of the test leads out of the base URL, to which alone the kept secret belongs", () => {
  for (const test_path of ["/..", "/../x", "/a/../../x?y=1", "/%2e%2E/x", "/a/.%2e?x", "/./x"])
    expect(accepts({ test_path }), test_path).toBe(false);
  for (const test_path of ["/a..b", "/...", "/.well-known/x", "/x?next=/../y"])
    expect(accepts({ test_path }), test_path).toBe(true);
});

test("a space behind a prefix is no reason to doubt it", () => {
  const values = { key_prefix: "Bearer ", api_key: "MARKER-key" };
  expect(doubtsAbout(methodOf("api_key"), values)).toEqual([]);
  expect(doubtsAbout(methodOf("api_key"), { ...values, key_prefix: " Bearer" })).toHaveLength(1);
});
