import type { IncomingMessage } from "node:http";
import { describe, expect, test } from "vitest";
import { KEYS, wrongSignature } from "@/test/servers/amazon-signature";
import type { CredentialData } from "../define";
import { resolveBaseUrl } from "./base-url";
import type { Authentication } from "./schema-authentication";
import { signRequest } from "./sign";
import { Values } from "./values";

const names = ["key", "user", "password", "region", "cert", "token", "access_token", "place", "header"];
const facts = Object.fromEntries(
  names.map((name) => [
    name,
    { label: name, secret: !["user", "region", "place"].includes(name), required: name === "key" },
  ]),
);
const request = {
  method: "GET",
  url: new URL("https://api.example.com/v1/items?limit=1"),
  headers: { Accept: "text/csv" },
};
const signed = (schemes: Authentication[], data: CredentialData, userInfo?: [string, string]) =>
  signRequest(request, schemes, new Values(facts, data), userInfo);

describe("any request is signed as the authentication says, and is otherwise what it was", () => {
  test.each<[string, Authentication[], CredentialData, object]>([
    ["a bearer token", [{ scheme: "bearer", token: "{key}" }], { key: "k" }, { Authorization: "Bearer k" }],
    [
      "basic",
      [{ scheme: "basic", username: "{user}/token", password: "{key}" }],
      { user: "u", key: "k" },
      { Authorization: `Basic ${btoa("u/token:k")}` },
    ],
    [
      "a header, whose name the credential says",
      [{ scheme: "header", name: { field: "header" }, value: "{key}" }],
      { header: "X-Own", key: "k" },
      { "X-Own": "k" },
    ],
    [
      "several",
      [
        { scheme: "header", name: "X-A", value: "{key}" },
        { scheme: "header", name: "X-B", value: "{user}" },
      ],
      { key: "k", user: "u" },
      { "X-A": "k", "X-B": "u" },
    ],
    ["nothing", [{ scheme: "none" }], {}, {}],
  ])("%s", async (_, schemes, data, headers) => {
    expect(await signed(schemes, data)).toEqual({ ...request, headers: { ...request.headers, ...headers } });
  });

  test("a parameter of the address, encoded, behind those that are there", async () => {
    const { url } = await signed([{ scheme: "query", name: "api key", value: "{key}" }], { key: "a&b=1" });
    expect(url.href).toBe("https://api.example.com/v1/items?limit=1&api%20key=a%26b%3D1");
  });

  test("the user name and password of an address, where there are none besides", async () => {
    const scheme: Authentication = { scheme: "basic", username: "{user}", password: "{password}" };
    expect((await signed([scheme], {}, ["a", "b"])).headers).toMatchObject({ Authorization: `Basic ${btoa("a:b")}` });
    expect((await signed([scheme], { user: "u" }, ["a", "b"])).headers).toMatchObject({
      Authorization: `Basic ${btoa("u:")}`,
    });
    expect((await signed([scheme], {})).headers).toEqual(request.headers);
  });

  test("a client's certificate goes to the connection, not into the request", async () => {
    const scheme: Authentication = { scheme: "client_certificate", certificate: "cert", private_key: "key" };
    expect(await signed([scheme], { cert: "C", key: "K" })).toEqual({
      ...request,
      certificate: { cert: "C", key: "K" },
    });
  });

  test("Amazon's signature is one that Amazon's own signer makes of what arrives", async () => {
    const { access_key_id: user, secret_access_key: key } = KEYS.lasting;
    const verdict = async (data: CredentialData) => {
      const { headers, url, method } = await signed(
        [
          {
            scheme: "aws_sigv4",
            access_key_id: "user",
            secret_access_key: "key",
            service: "sts",
            region: { field: "region" },
          },
        ],
        data,
      );
      const arrived = Object.entries({ Host: url.host, ...headers }).map(([name, value]) => [
        name.toLowerCase(),
        value,
      ]);
      const request = { method, url: url.pathname + url.search, headers: Object.fromEntries(arrived) };
      return wrongSignature(request as IncomingMessage, "", "sts", "eu-west-1");
    };
    expect(await verdict({ user, key, region: "eu-west-1" })).toBeUndefined();
    expect(await verdict({ user, key: "another", region: "eu-west-1" })).toBeDefined();
  });
});

test.each<[string, Authentication, CredentialData, string]>([
  ["is missing", { scheme: "bearer", token: "{key}" }, {}, "value_missing"],
  ["would break out of its header", { scheme: "bearer", token: "{key}" }, { key: "a\r\nX: 1" }, "value_unfit"],
  [
    "is no name of a header",
    { scheme: "header", name: { field: "header" }, value: "{key}" },
    { header: "X: 1\r\n", key: "k" },
    "value_unfit",
  ],
  [
    "nobody has signed in for",
    {
      scheme: "oauth2",
      label: "x",
      server: { token: "https://x.example" },
      client: { id: "user" },
      scopes: [],
      after_deletion: "x",
    },
    {},
    "no_access_token",
  ],
])("a value that %s is told, and nothing is signed", async (_, scheme, data, code) => {
  await expect(signed([scheme], data)).rejects.toMatchObject({ problem: { code } });
});

describe("a base URL", () => {
  const at = (base: Parameters<typeof resolveBaseUrl>[0], data: CredentialData) =>
    resolveBaseUrl(base, new Values(facts, data));

  test("is fixed, or in a field, or the default", () => {
    expect(at("https://api.example.com/", {}).address).toBe("https://api.example.com");
    expect(at({ field: "place", default: "https://x.example" }, {}).address).toBe("https://x.example");
    expect(at({ field: "place" }, { place: "https://u:p%40@y.example:8443/a/" })).toMatchObject({
      address: "https://y.example:8443/a",
      userInfo: ["u", "p@"],
    });
  });

  test("with a field in its host leads nowhere else, whatever the value", () => {
    const base = "https://{region}.example.com/{user}";
    expect(at(base, { region: "eu-1", user: "a/b" }).address).toBe("https://eu-1.example.com/a%2Fb");
    for (const region of ["evil.example/", "a.b", "x@evil.example", "x:1", "", "é", "a?b", "a#b"])
      expect(() => at(base, { region, user: "u" })).toThrow();
  });
});
