import { driverValues } from "../drivers/names";
import { isSecretField } from "./field";
import type { PathProblem } from "./problem";
import { pasteProblems } from "./references-paste";
import type { Kind } from "./schema";
import type { Authentication } from "./schema-authentication";
import type { KindField } from "./schema-field";
import { type DriverTest, type HttpTest, isDriverTest } from "./schema-test";
import { fieldsOfBaseUrl, fieldsOfScheme, namesIn } from "./templates";

/**
 * What the parts of a definition must have to do with each other: every field that is named exists, nothing secret is
 * shown, and whatever decides where a secret goes is known to do so.
 */
export function kindProblems(kind: Kind): PathProblem[] {
  const fields = new Map(kind.fields.map((field) => [field.name, field]));
  return [
    ...kind.fields.flatMap((field, at) => fieldProblems(field, at)),
    ...Object.keys(kind.flowise?.fields ?? {}).flatMap((name) => missing(["flowise", "fields", name], name, fields)),
    ...doubled(kind),
    ...(kind.authentication ?? []).flatMap((scheme, at) => schemeProblems(scheme, at, kind, fields)),
    ...baseUrlProblems(kind, fields),
    ...pasteProblems(kind, fields),
    ...testProblems(kind, fields),
  ];
}

type Fields = ReadonlyMap<string, KindField>;

function fieldProblems(field: KindField, at: number): PathProblem[] {
  const problems: PathProblem[] = [];
  const say = (name: keyof KindField, message: string) => problems.push({ path: ["fields", at, name], message });
  const secret = isSecretField(field);
  if (field.kind === "options" && !field.options) say("kind", "Needs options to choose from");
  if (field.options && field.kind !== "options") say("options", "Are for the kind options alone");
  if (secret && (field.kind === "options" || field.kind === "boolean" || field.kind === "number"))
    say("secret", "Cannot be said of a choice, a number or a yes and no: a secret is text");
  if (secret === false && (field.kind === "password" || field.kind === "url"))
    say("secret", "A password and a url are always secret: where it may be shown, it is a text");
  if (field.rows !== undefined && !secret) say("rows", "Are of a secret of several lines");
  if (field.hidden && field.default === undefined) say("hidden", "Needs a default, which is what is stored");
  if (field.default !== undefined && secret && field.kind !== "url")
    say("default", "A secret has none: nobody would see what is stored in its place");
  if (field.kind === "number" && typeof field.default === "string") say("default", "Must be a number");
  if (field.kind !== "number" && typeof field.default === "number") say("default", "Must be text");
  if (field.options && field.default !== undefined && !field.options.some(({ value }) => value === field.default))
    say("default", "Is none of the options");
  return problems;
}

function doubled({ fields }: Kind): PathProblem[] {
  const names = fields.map(({ name }) => name);
  return names.flatMap((name, at) =>
    names.indexOf(name) < at ? [{ path: ["fields", at, "name"], message: "Is the name of another field already" }] : [],
  );
}

const missing = (path: PropertyKey[], name: string, fields: Fields): PathProblem[] =>
  fields.has(name) ? [] : [{ path, message: `Names ${name}, which is none of the fields` }];

/** What signing in leaves behind is there without being declared. */
const OBTAINED = ["access_token", "refresh_token"];

function schemeProblems(scheme: Authentication, at: number, kind: Kind, fields: Fields): PathProblem[] {
  const path = ["authentication", at];
  const unknown = fieldsOfScheme(scheme)
    .filter((name) => !OBTAINED.includes(name) || kind.credential_type !== "oauth2")
    .flatMap((name) => missing(path, name, fields));
  const alone =
    scheme.scheme === "none" && (kind.authentication?.length ?? 0) > 1
      ? [{ path: [...path, "scheme"], message: "Stands alone" }]
      : [];
  return [
    ...unknown,
    ...alone,
    ...(scheme.scheme === "oauth2" ? oauth2Problems(scheme, path, fields) : []),
    ...(scheme.scheme === "service_account_jwt" ? accountProblems(scheme, path, kind, fields) : []),
  ];
}

function accountProblems(
  { private_key: key, email }: Extract<Authentication, { scheme: "service_account_jwt" }>,
  path: PropertyKey[],
  { authentication = [] }: Kind,
  fields: Fields,
): PathProblem[] {
  const say = (isSo: boolean, name: string, message: string): PathProblem[] =>
    isSo ? [{ path: [...path, name], message }] : [];
  return [
    ...say(authentication.length > 1, "scheme", "Stands alone"),
    ...say(fields.has(key) && !isSecretName(key, fields), "private_key", "Must be a secret field"),
    ...say(
      fields.has(email) && !fields.get(email)?.destination,
      "email",
      "Is in a field that says as whom: say destination: true there",
    ),
  ];
}

function oauth2Problems(
  { server, client, scopes, parameters }: Extract<Authentication, { scheme: "oauth2" }>,
  path: PropertyKey[],
  fields: Fields,
): PathProblem[] {
  const named = [
    ...Object.entries("issuer" in server ? {} : server).map(([name, value]) => [["server", name], value] as const),
    [["scopes"], scopes] as const,
    [["parameters"], parameters] as const,
  ];
  const problems = named.flatMap(([at, value]) =>
    typeof value === "object" &&
    !Array.isArray(value) &&
    typeof value.field === "string" &&
    Object.keys(value).length === 1
      ? missing([...path, ...at], value.field, fields)
      : [],
  );
  // Where the credential says where tokens are fetched, a changed address must ask for the secret again.
  const addresses = "issuer" in server ? [] : Object.entries(server);
  for (const [name, value] of addresses)
    if (typeof value === "object" && name !== "revocation" && fields.get(value.field)?.destination !== true)
      problems.push({
        path: [...path, "server", name],
        message: "Is in a field that decides where secrets go: say destination: true there",
      });
  if ("id" in client && client.secret !== undefined && !isSecretName(client.secret, fields))
    problems.push({ path: [...path, "client", "secret"], message: "Must be a secret field" });
  return problems;
}

const isSecretName = (name: string, fields: Fields): boolean => {
  const field = fields.get(name);
  return field !== undefined && isSecretField(field);
};

function baseUrlProblems({ base_url: base }: Kind, fields: Fields): PathProblem[] {
  return fieldsOfBaseUrl(base).flatMap((name) => {
    const field = fields.get(name);
    if (!field) return missing(["base_url"], name, fields);
    // A URL field counts as a destination by the place in it.
    return field.destination || field.kind === "url" || isInPath(base, name)
      ? []
      : [
          {
            path: ["base_url"],
            message: `Holds ${name}, which decides where secrets go: say destination: true at that field`,
          },
        ];
  });
}

/** Behind the host, a field says what is asked for, not who. */
const isInPath = (base: Kind["base_url"], name: string): boolean =>
  typeof base === "string" && !namesIn(base.split("/").slice(0, 3).join("/")).includes(name);

function testProblems(kind: Kind, fields: Fields): PathProblem[] {
  const { test } = kind;
  if (!test) return [];
  const needs = (test.needs ?? []).flatMap((name, at) => {
    const field = fields.get(name);
    if (!field) return missing(["test", "needs", at], name, fields);
    return isSecretField(field) ? [{ path: ["test", "needs", at], message: "Must be a field that is shown" }] : [];
  });
  return [...needs, ...(isDriverTest(test) ? driverProblems(test, fields) : httpProblems(test, kind, fields))];
}

function driverProblems({ driver, values = {}, fixed = {} }: DriverTest, fields: Fields): PathProblem[] {
  const known: Readonly<Record<string, boolean>> = driverValues[driver];
  const given = [
    ...Object.keys(values).map((name) => ["values", name]),
    ...Object.keys(fixed).map((name) => ["fixed", name]),
  ];
  const strange = given.flatMap(([block = "", name = ""]) =>
    Object.hasOwn(known, name)
      ? []
      : [
          {
            path: ["test", block, name],
            message: `The driver ${driver} takes: ${Object.keys(known).join(", ") || "no values"}`,
          },
        ],
  );
  const lacking = Object.entries(known)
    .filter(([name, required]) => required && !Object.hasOwn(values, name) && !Object.hasOwn(fixed, name))
    .map(([name]) => ({ path: ["test", "values"], message: `Must name the field of ${name}` }));
  const unknown = Object.entries(values).flatMap(([name, field]) => missing(["test", "values", name], field, fields));
  return [...strange, ...lacking, ...unknown];
}

function httpProblems(test: HttpTest, kind: Kind, fields: Fields): PathProblem[] {
  const problems: PathProblem[] = [];
  const say = (name: string, message: string) => problems.push({ path: ["test", name], message });
  if ((test.path === undefined) === (test.url === undefined))
    problems.push({ path: ["test"], message: "Must have either path or url" });
  if (test.path !== undefined && kind.base_url === undefined) say("path", "Needs base_url, below which it lies");
  if (test.form && test.json !== undefined) say("form", "A request has one body: form or json");
  if ((test.form || test.json !== undefined) && test.method !== "POST") say("method", "Must be POST, to send a body");
  if (test.signed !== false && !kind.authentication) say("signed", "Needs authentication, or must be false");
  const texts: [string, string][] = [
    ["path", test.path ?? ""],
    ["url", test.url ?? ""],
    ...Object.values(test.headers ?? {}).map((text): [string, string] => ["headers", text]),
    ...Object.values(test.form ?? {}).map((text): [string, string] => ["form", text]),
    ["json", JSON.stringify(test.json ?? "")],
  ];
  for (const [part, text] of texts)
    for (const name of part === "json" ? jsonNames(text) : namesIn(text))
      problems.push(...missing(["test", part], name, fields));
  return problems;
}

const jsonNames = (text: string): string[] => [...text.matchAll(/"[^"]*"/g)].flatMap(([literal]) => namesIn(literal));
