import { readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { findProvider, providers } from "../index";
import { isOwnKindId } from "../own-id";
import { OWN_TEXT_MAX, parseOwnKind } from "./parse-own";

const good = `schema: 1
id: own_billing
label: Billing
credential_type: api_key
fields:
  - { name: endpoint, kind: text, label: Address, destination: true }
  - { name: apiKey, kind: password, label: API key }
authentication:
  - { scheme: bearer, token: "{apiKey}" }
base_url: { field: endpoint }
test:
  path: /v1/me
`;
const lineOf = (text: string, part: string) => text.split("\n").findIndex((line) => line.includes(part)) + 1;
const problems = (text: string) => {
  const parsed = parseOwnKind(text);
  return parsed.ok ? [] : parsed.problems.map(({ line, field, message }) => [line, field, message]);
};

test("a definition says as little as the catalogue's files need not say for others", () => {
  expect(parseOwnKind(good)).toMatchObject({ ok: true, value: { group: "generic", aliases: [], id: "own_billing" } });
});

test("nothing that comes with the product has an id that is kept for kinds of one's own", () => {
  expect(providers().filter(({ id }) => isOwnKindId(id))).toEqual([]);
});

test.each(["smtp", "imap", "ldap", "rabbitmq", "mqtt", "ftp", "nats", "kafka", "sqlServer"])(
  "a definition may be tried out by %s as the catalogue's kind is, and says what decides where secrets go",
  async (kind) => {
    const text = await readFile(new URL(`./${kind}.yaml`, import.meta.url), "utf8");
    const own = text.replace(/^id: .*$/m, "id: own_server");
    expect(problems(own)).toEqual([]);
    const place = kind === "kafka" ? "brokers" : "host";
    const silent = own.replace(new RegExp(`(- name: ${place}\\n(?:    .*\\n)*?)    destination: true\\n`), "$1");
    expect(silent).not.toBe(own);
    expect(problems(silent).map(([, field]) => field)).toContain(`test.values.${place}`);
  },
);

const withTest = (test: string) => good.replace(/test:\n.*\n$/, test);
const OWN_CLIENT = `{ scheme: oauth2, server: { token: https://a.example/t }, client: { id: endpoint, secret: apiKey }, scopes: [] }`;
const SERVICE_ACCOUNT =
  "{ scheme: service_account_jwt, email: endpoint, private_key: apiKey, token_url: https://evil.example/token, scopes: [a] }";

const cases: [what: string, text: string, at: string, field: string, message: RegExp][] = [
  ["an id of the catalogue", good.replace("own_billing", "openAIApi"), "id:", "id", /own_/],
  ["an id of a provider with code", good.replace("own_billing", "sftp"), "id:", "id", /own_/],
  ["an id that no catalogue has", good.replace("own_billing", "billing"), "id:", "id", /own_/],
  ["capital letters in the id", good.replace("own_billing", "own_Billing"), "id:", "id", /small letters/],
  [
    "a name that every object has",
    good.replace("name: apiKey", "name: constructor"),
    "name: constructor",
    "fields[1].name",
    /every object/,
  ],
  [
    "a client of the operator's settings",
    good.replace(
      '{ scheme: bearer, token: "{apiKey}" }',
      OWN_CLIENT.replace("{ id: endpoint, secret: apiKey }", "{ settings: [GOOGLE] }"),
    ),
    "scheme: oauth2",
    "authentication[0].scheme",
    /Signing in/,
  ],
  [
    "a sign-in with a client of the credential's",
    good.replace('{ scheme: bearer, token: "{apiKey}" }', OWN_CLIENT),
    "scheme: oauth2",
    "authentication[0].scheme",
    /Signing in/,
  ],
  [
    "a key that fetches a token",
    good.replace(/\{ scheme: bearer[^\n]*/, SERVICE_ACCOUNT),
    "scheme: service_account_jwt",
    "authentication[0].scheme",
    /Fetching a token/,
  ],
  [
    "a type that somebody signs in for",
    good.replace("api_key", "oauth2"),
    "credential_type",
    "credential_type",
    /signs in/,
  ],
  [
    "a driver that asks with access of a sign-in",
    withTest("test:\n  driver: google\n"),
    "driver",
    "test.driver",
    /access that a sign-in gave.*mysql/,
  ],
  ["a driver that there is none of", withTest("test:\n  driver: shell\n"), "driver", "test.driver", /Must be one of/],
  [
    "a driver's host that is no destination",
    withTest("test:\n  driver: redis\n  values: { host: endpoint, password: apiKey }\n")
      .replace(", destination: true", "")
      .replace("base_url: { field: endpoint }\n", ""),
    "values:",
    "test.values.host",
    /destination: true/,
  ],
  [
    "a whole address in a field that is not known to be one",
    withTest("test:\n  driver: mongodb\n  values: { url: apiKey }\n"),
    "values:",
    "test.values.url",
    /kind url/,
  ],
  [
    "a host in a field of another address",
    withTest('test:\n  url: "https://{endpoint}/me"\n'),
    "  url:",
    "test.url",
    /host outright/,
  ],
  [
    "a base address whose field is no destination",
    good.replace(", destination: true", ""),
    "base_url",
    "base_url",
    /destination: true/,
  ],
  [
    "a header that every request has",
    withTest("test:\n  path: /\n  headers: { Host: x }\n"),
    "Host",
    "test.headers.Host",
    /every request/,
  ],
  [
    "a line break in a header's name",
    withTest('test:\n  path: /\n  headers: { "A\\nB": x }\n'),
    "headers",
    "test.headers.A\nB",
    /name of a header/,
  ],
  ["what is the catalogue's", `${good}same_as: sftp\n`, "same_as", "same_as", /come with Latchkey/],
  ["an alias of YAML", good.replace("label: Billing", "label: &a Billing\ndescription: *a"), "schema", "", /aliases/],
  ["a field that nobody knows", `${good}run: rm\n`, "run", "run", /not known/],
];
test.each(cases)("%s is refused by line and field", (_, text, at, field, message) => {
  expect(problems(text)).toContainEqual([lineOf(text, at), field, expect.stringMatching(message)]);
});

test("a name that objects have of themselves does no harm, wherever it stands", () => {
  for (const name of ["__proto__", "constructor", "toString", "hasOwnProperty"]) {
    for (const text of [
      `${good}${name}: { polluted: 1 }\n`,
      good.replace("{ scheme: bearer", `{ ${name}: { a: 1 }, scheme: bearer`),
      `${name}: 1`,
    ]) {
      expect(parseOwnKind(text).ok).toBe(false);
    }
  }
  expect("polluted" in {}).toBe(false);
  expect(findProvider("__proto__")).toBeUndefined();
});

describe("a text that is made to cost much", () => {
  const SIZE = OWN_TEXT_MAX;
  const fill = (part: string) => part.repeat(Math.floor(SIZE / part.length));
  const texts: [string, string][] = [
    ["brackets", fill("[")],
    ["braces", `a: ${fill("{a: ").slice(4)}`],
    ["lists in lists", fill("- ")],
    ["keys that are maps", fill(`${"? ".repeat(60)}\n`)],
    ["tags", fill("!a ")],
    ["anchors", fill("- &a x\n")],
    ["aliases", `a: &a [x, x]\n${fill("b: *a\n").slice(0, SIZE - 20)}`],
    ["directives", fill("%a\n")],
    ["equal fields", `fields:\n${fill("- {name: a}\n").slice(12)}`],
    ["more than may be", "#".repeat(SIZE + 1)],
  ];
  test.each(texts)("%s: is refused in a moment", (_, text) => {
    const begun = performance.now();
    expect(parseOwnKind(text).ok).toBe(false);
    expect(performance.now() - begun).toBeLessThan(5_000);
  });

  test("any cut or changed definition is an answer, and never an error", () => {
    for (let at = 0; at < good.length; at += 3) {
      parseOwnKind(good.slice(0, at));
      for (const sign of ["{", "]", "*", "&a ", "\t", '"', "\u0000", "\ud800"])
        parseOwnKind(good.slice(0, at) + sign + good.slice(at + 1));
    }
  });
});
