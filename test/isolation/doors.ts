import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type APIRequestContext, expect } from "@playwright/test";
import { newCredential } from "../../e2e/fixtures";
import type { Product } from "../servers/product";
import { marks, type Named, type Tenant } from "./console-tenants";

export const PATH = "/api/integrations/credentials";

/** One request, whose answer holds no secret, whoever asks. */
export async function ask(by: APIRequestContext, method: string, path: string, data?: object, headers = {}) {
  const typed = { "content-type": "application/json", ...headers };
  const answer = await by.fetch(path, {
    method,
    headers: data ? typed : headers,
    maxRedirects: 0,
    ...(data && { data: JSON.stringify(data) }),
  });
  const text = await answer.text();
  expect(marks.foundIn(JSON.stringify(answer.headers()) + text), `${method} ${path}`).toEqual([]);
  return { status: answer.status(), text };
}

type Answer = Awaited<ReturnType<typeof ask>>;

/** Where the answers about two ids differ, but for the id itself and what no two requests have in common. */
export function difference([one, oneId]: [Answer, Named], [other, otherId]: [Answer, Named]): string {
  const [left, right] = [plain(one, oneId), plain(other, otherId)];
  const at = [...left].findIndex((letter, index) => letter !== right[index]);
  return left === right
    ? ""
    : `${left.slice(Math.max(0, at - 80), at + 80)} | ${right.slice(Math.max(0, at - 80), at + 80)}`;
}

const plain = ({ status, text }: Answer, asked: Named): string =>
  `${status} ${settled(text)}`
    .replace(new RegExp(Object.values(asked).join("|"), "g"), "ID")
    .replace(/\b[0-9A-HJKMNP-TV-Z]{26}\b/g, "REQUEST")
    .replace(/(nonce(?:=|\\":\\"|":")"?)[\w+/=]+/g, "$1");

/**
 * What an answer holds, in whatever order its parts became ready: a page is sent while it is made, what is late comes
 * behind the rest, and scripts move it to its place.
 */
function settled(text: string): string {
  if (!text.startsWith("<!DOCTYPE html>")) return text.split("\n").sort().join("\n");
  const rows: string[] = [];
  const page = text.replace(/<script[^>]*>self\.__next_f\.push\((\[1,.*?\])\)<\/script>/gs, (_, pushed) => {
    rows.push(JSON.parse(pushed)[1]);
    return "";
  });
  const parts = page
    .replace(/<script nonce="[^"]*">(?!self).*?<\/script>/gs, (script) => (STREAMING.test(script) ? "" : script))
    .replace(/<!--[/$&?!]*-->|<template id="B:\w+"><\/template>/g, "")
    .replace(/<div hidden(?:="")? id="S:\w+">(.*?)<\/div>/gs, "$1")
    .split(/(?=<[a-z!])/);
  return [...parts.sort(), ...rows.join("").split("\n").sort()].join("\n");
}

/** The scripts that move what came late. */
const STREAMING = /\$R[BCTV]\b|link\[rel="icon"\]/;

export const tracesIn = (text: string, { traces }: Tenant) => traces.filter((trace) => text.includes(trace));

/** Headers of requests that another site makes a browser send, or that pretend to be ours. */
export const forgeries = ({ url }: Product): Record<string, Record<string, string>> => ({
  "without an Origin": {},
  "from an opaque Origin": { origin: "null" },
  "from another site": { origin: "https://evil.example" },
  "from another site that calls itself ours": { origin: "https://evil.example", "x-forwarded-host": "evil.example" },
  "from another port": { origin: "http://localhost:1" },
  "that the browser calls cross-site": { origin: url, "sec-fetch-site": "cross-site" },
});

/** The paths of the console whose file has this name; groups are no part of a path. */
export function consolePaths(file: string): string[] {
  const folder = fileURLToPath(new URL("../../app/(console)", import.meta.url));
  const parts = readdirSync(folder, { recursive: true, encoding: "utf8" }).map((path) => path.split("/"));
  const found = parts.filter((path) => path.at(-1) === file);
  return found.map(
    (path) =>
      `/${path
        .slice(0, -1)
        .filter((part) => !part.startsWith("("))
        .join("/")}`,
  );
}

/** Each path that names something, with its id. */
export const namedIn = (paths: string[], on: Named): string[] =>
  paths
    .filter((path) => path.includes("[id]"))
    .map((path) => path.replace("[id]", on[kinds[path.split("/")[1] ?? ""] ?? "credential"]))
    .map((path) => (path.endsWith("/changes") ? `${path}?since=0` : path));

/** What stands in the path of a page or feed, by the page's name. */
const kinds: Record<string, keyof Named> = {
  "service-accounts": "account",
  organizations: "organization",
  settings: "kind",
  people: "person",
  groups: "group",
  tokens: "key",
};

export const unnamed = (paths: string[]): string[] =>
  paths.filter((path) => !path.includes("[id]")).map((path) => path.replace("[provider]", "postgresql"));

const CHANGE = {
  credential_type: "user_password",
  credentials: { host: "taken.example", port: 5432, database: "app", username: "u", password: "taken" },
};

const definitionOf = (id: string) =>
  `schema: 1\nid: ${id}\nlabel: Taken\ncredential_type: api_key\nfields: [{ name: key, kind: password, label: Key }]\n`;

const grantOver = (key: string, subject_id: string) => ({
  ...{ subject_type: "service_account", subject_id },
  ...{ reach: "credential", key, rights: ["use"] },
});

export const apiDoors = (at: Named): [string, string, object?][] => [
  ["GET", `${PATH}/${at.credential}`],
  ["PATCH", `${PATH}/${at.credential}`, { name: `Taken ${at.credential}`, ...CHANGE }],
  ["POST", `${PATH}/${at.credential}/test`],
  ["POST", `/api/integrations/postgres/test-connection/${at.credential}`],
  ["GET", `/api/plugins/postgresql/instances/${at.use}`],
  ["PUT", `/api/integrations/plugins/postgresql/instances/${at.use}`, { description: "taken" }],
  ["GET", `/api/integrations/kinds/${at.kind}`],
  ["PUT", `/api/integrations/kinds/${at.kind}`, { text: definitionOf(at.kind) }],
  ["GET", `/api/audit-streams/${at.stream}`],
  ["PATCH", `/api/audit-streams/${at.stream}`, { name: `Taken ${at.stream}` }],
  ["POST", `/api/audit-streams/${at.stream}/test`],
  ["POST", `/api/audit-streams/${at.stream}/pause`],
  ["POST", `/api/audit-streams/${at.stream}/resume`],
  ["GET", `/api/service-accounts/${at.account}`],
  ["PATCH", `/api/service-accounts/${at.account}`, { name: `Taken ${at.account}` }],
  ["GET", `/api/service-accounts/${at.account}/api-keys`],
  ["POST", `/api/service-accounts/${at.account}/api-keys`, { name: "taken" }],
  ["PATCH", `/api/service-accounts/${at.account}/api-keys/${at.key}`, { name: "taken" }],
  ["GET", `${PATH}/${at.credential}/access`],
  ["GET", `/api/access/grants?credential_id=${at.credential}`],
  ["POST", "/api/access/grants", grantOver(at.credential, at.account)],
  ["GET", `/api/access/subjects/service_account/${at.account}`],
  ["GET", `/api/access/subjects/service_account/${at.account}/narrowing`],
  ["POST", `/api/access/subjects/service_account/${at.account}/narrowing`],
  ["GET", `/api/access/tokens/${at.key}`],
  ["POST", `/api/access/tokens/${at.key}/narrowing`],
  ["POST", "/api/access/requests", { credential_id: at.credential, right: "use", reason: "taken" }],
  ["POST", `/api/access/requests/${at.request}/answer`, { decision: "decline" }],
  ["GET", `/api/access/groups/${at.group}`],
  ["PATCH", `/api/access/groups/${at.group}`, { name: `Taken ${at.group}` }],
  ["PATCH", `/api/admin/organizations/${at.organization}`, { require_test_before_save: false }],
  ["GET", `/api/admin/organizations/${at.organization}`],
  ["PUT", `/api/admin/organizations/${at.organization}`, { require_test_before_save: false }],
  ["GET", `/api/admin/organizations/${at.organization}/users`],
  ["GET", `/api/admin/users/${at.person}`],
  ["PATCH", `/api/admin/users/${at.person}`, { first_name: "Taken" }],
  ["GET", `/v1.0/tenants/${at.organization}`],
  ["GET", `/v1.0/tenants/${at.organization}/users`],
  ["GET", `/v1.0/tenants/${at.organization}/credentials/${at.key}`],
  ["PUT", `/v1.0/tenants/${at.organization}/credentials/${at.key}`, { Name: "taken" }],
  ["POST", `/v2.0/tenants/${at.organization}/credentials`, {}],
  ...["", "/litegraph/10"].flatMap((prefix): [string, string, object?][] => [
    ["GET", `${prefix}/v1.0/tenants/${at.organization}/credentials?max-keys=10`],
    ["GET", `${prefix}/v1.0/tenants/${at.organization}/roles`],
    ["GET", `${prefix}/v1.0/tenants/${at.organization}/users/${at.person}`],
    ["PUT", `${prefix}/v1.0/tenants/${at.organization}/users/${at.person}`, { FirstName: "Taken" }],
    ["GET", `${prefix}/v1.0/tenants/${at.organization}/users/${at.person}/roles`],
    ["GET", `${prefix}/v1.0/tenants/${at.organization}/users/${at.person}/permissions`],
    ["GET", `${prefix}/v1.0/tenants/${at.organization}/credentials/${at.key}/scopes`],
    ["GET", `${prefix}/v1.0/tenants/${at.organization}/credentials/${at.key}/permissions`],
  ]),
  ["GET", `/api/v1/credentials/${at.credential}`],
  ["GET", `/api/v1/credentials/${at.credential}/reveal`],
  ["PUT", `/api/v1/credentials/${at.credential}`, { name: `Taken ${at.credential}` }],
  ["DELETE", `/api/access/grants/${at.grant}`],
  ["DELETE", `/api/access/groups/${at.group}`],
  ["DELETE", `/api/integrations/kinds/${at.kind}`],
  ["DELETE", `/api/audit-streams/${at.stream}`],
  ["DELETE", `/api/plugins/postgresql/instances/${at.use}`],
  ["DELETE", `/api/service-accounts/${at.account}/api-keys/${at.key}`],
  ["DELETE", `/api/service-accounts/${at.account}`],
  ["DELETE", `${PATH}/${at.credential}`],
];

/** Where the second page of somebody's list begins. */
export async function cursorOf({ admin }: Tenant): Promise<string> {
  await newCredential(admin.api);
  await newCredential(admin.api);
  return (await admin.api.get(`${PATH}?limit=1`)).headers()["x-next-cursor"] ?? "";
}
