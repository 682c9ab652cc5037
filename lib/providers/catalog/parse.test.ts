import { describe, expect, test } from "vitest";
import { parseKind } from "./parse";

const GOOD = `schema: 1
id: exampleApi
label: Example API
group: search
credential_type: api_key
aliases: [web search]
description: Web search with Example's index.
fields:
  - name: key
    kind: password
    label: API key
  - name: endpoint
    kind: text
    label: Endpoint
    destination: true
authentication:
  - scheme: bearer
    token: "{key}"
base_url: {field: endpoint, default: https://api.example.com}
test:
  path: /v1/me
provenance:
  sources: [https://example.com/docs]
  checked: 2026-11-29
`;

const ACCOUNT =
  "{ scheme: service_account_jwt, email: endpoint, private_key: KEY, token_url: https://example.com/token, scopes: [a] }";

const problemsOf = (text: string) => {
  const parsed = parseKind(text);
  return parsed.ok ? [] : parsed.problems.map(({ line, field, message }) => `${line} ${field}: ${message}`);
};

test("a definition is read from any text, JSON included", () => {
  const parsed = parseKind(GOOD);
  expect(parsed).toMatchObject({ ok: true, value: { id: "exampleApi" } });
  expect(parseKind(JSON.stringify(parsed.ok && parsed.value))).toEqual(parsed);
});

describe("what is wrong is told by line and field, without the value", () => {
  test.each<[string, [string, string], string]>([
    ["a missing part", ["label: Example API\n", ""], "1 label: Is missing"],
    ["a part that nobody knows", ["label:", "lable:"], "3 lable: Is not known here"],
    ["a value of another kind", ["label: Example API", "label: 5"], "3 label: Must be text"],
    ["an unknown version", ["schema: 1", "schema: 2"], "1 schema: Must be 1, the version of this form"],
    [
      "a choice that there is not",
      ["kind: text", "kind: txt"],
      "13 fields[1].kind: Must be one of: text, password, url, number, boolean, options",
    ],
    [
      "a service account whose key is shown, or beside another scheme",
      ['  - scheme: bearer\n    token: "{key}"', `  - ${ACCOUNT.replace("KEY", "endpoint")}\n  - scheme: none`],
      "17 authentication[0].private_key: Must be a secret field",
    ],
    [
      "an exchange that is not encrypted",
      ['  - scheme: bearer\n    token: "{key}"', `  - ${ACCOUNT.replace("KEY", "key").replace("https", "http")}`],
      "17 authentication[0].token_url: Must be an address that begins with https://, without ? or #",
    ],
    [
      "a reader of pasted texts that there is not",
      ["authentication:", "paste: [{ reader: word, values: { host: endpoint } }]\nauthentication:"],
      "16 paste[0].reader: Must be one of: address, sql_server, oracle, google_key, npmrc, docker_config, netrc",
    ],
    [
      "a pasted value that its reader does not find",
      ["authentication:", "paste: [{ reader: netrc, values: { port: endpoint } }]\nauthentication:"],
      "16 paste[0].values.port: The reader netrc finds: address, user, password",
    ],
    [
      "a pasted password in a field that is shown",
      ["authentication:", "paste: [{ reader: netrc, values: { password: endpoint } }]\nauthentication:"],
      "16 paste[0].values.password: Must be a secret field",
    ],
    [
      "a pasted value in a field that there is not",
      ["authentication:", "paste: [{ settings: { kee: [KEY] } }]\nauthentication:"],
      "16 paste[0].settings.kee: Names kee, which is none of the fields",
    ],
    [
      "an address of no scheme",
      ["authentication:", "paste: [{ reader: address, values: { host: endpoint } }]\nauthentication:"],
      "16 paste[0].schemes: Must name the schemes that are taken",
    ],
    [
      "a scheme that there is not",
      ["scheme: bearer", "scheme: token"],
      "17 authentication[0].scheme: Must name its scheme",
    ],
    [
      "a template with a field that there is not",
      ['"{key}"', '"{kee}"'],
      "17 authentication[0]: Names kee, which is none of the fields",
    ],
    ["a key written twice", ["group: search", "group: search\ngroup: data"], "5 : Is written twice"],
    ["a driver that there is not", ["  path: /v1/me", "  driver: oracle"], "21 test.driver: Must be one of: mysql,"],
    [
      "a status that there is not",
      ["  path: /v1/me", "  path: /v1/me\n  statuses: {999: accepted}"],
      "22 test.statuses.999: Must be a status from 100 to 599",
    ],
  ])("%s", (_, [from, to], told) => {
    const problems = problemsOf(GOOD.replace(from, to));
    expect(
      problems.find((one) => one.startsWith(told)),
      problems.join("\n"),
    ).toBeDefined();
  });
});

describe("what could lose a secret is no definition", () => {
  test.each<[string, [string, string], RegExp]>([
    [
      "a base URL from a field whose change asks for nothing",
      ["    destination: true\n", ""],
      /base_url: Holds endpoint/,
    ],
    [
      "a default of a secret",
      ["    label: API key", "    label: API key\n    default: abc"],
      /default: A secret has none/,
    ],
    ["a password that is shown", ["    label: API key", "    label: API key\n    secret: false"], /always secret/],
    [
      "a test elsewhere without https",
      ["  path: /v1/me", "  url: http://example.com"],
      /test.url: Must begin with https/,
    ],
    [
      "a header that every request has of itself",
      ["  path: /v1/me", "  path: /v1/me\n  headers: {Host: x.example}"],
      /Is a header that every request has/,
    ],
    [
      "a need that would show a secret",
      ["  path: /v1/me", "  path: /v1/me\n  needs: [key]"],
      /Must be a field that is shown/,
    ],
    ["markup in what people read", ["label: Example API", "label: <b>Example</b>"], /Must be one line without/],
    ["a name that every object has", ["name: key", "name: constructor"], /every object has/],
  ])("%s", (_, [from, to], told) => {
    expect(problemsOf(GOOD.replace(from, to)).join("\n")).toMatch(told);
  });

  test("aliases, which make a text of any size, and texts beyond all bounds", () => {
    expect(problemsOf(`${GOOD}x: &a [1]\ny: *a\n`)).toEqual(["1 : Must hold no anchors and aliases"]);
    expect(problemsOf("#".repeat(70_000))).toEqual(["1 : Must be at most 65536 characters"]);
  });
});
