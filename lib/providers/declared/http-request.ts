import "server-only";
import type { CredentialData, Method } from "../define";
import { type HttpRequest, placeOf, usualHeaders } from "../http-exchange";
import { type Problem, StepFailure } from "../trail";
import { isCloudId, placeOfCloudId } from "./cloud-id";
import type { HttpTest } from "./http-test";
import { given } from "./value-missing";

/** What is sent, and where to. */
interface DeclaredRequest extends HttpRequest {
  /** What may be told of it: "GET api.example.com/v1/models". */
  shown: string;
}

/** Brings a declaration and a credential's values together. @throws StepFailure naming the field that is missing or unfit */
export function requestOf(test: HttpTest, method: Method, data: CredentialData): DeclaredRequest {
  const fill = filler(method, data);
  const url = fill.url(test.url);
  const auth = basicAuth(test, method, data);
  const body = bodyOf(test, fill.text);
  const headers = Object.fromEntries(
    Object.entries(test.headers ?? {}).map(([name, value]) => [name, fill.header(value)] as const),
  );
  const verb = test.method ?? "GET";
  return {
    ...placeOf(url),
    method: verb,
    path: url.pathname + url.search,
    headers: {
      ...usualHeaders(url),
      ...headers,
      ...(auth && { Authorization: auth }),
      ...(body && { "Content-Type": body.type, "Content-Length": String(Buffer.byteLength(body.text)) }),
    },
    ...(body && { body: body.text }),
    shown: `${verb} ${url.host}${test.secretInUrl || urlHoldsSecret(test) ? "" : url.pathname}`,
  };
}

/** A path that a user's own secret URL brings along may hold a token. */
const urlHoldsSecret = (test: HttpTest) => /\{(base|origin):/.test(test.url);

const FIELD = /\{(?:(base|origin|label|cloud):)?([A-Za-z0-9_]+)(?:\|([^}]+))?\}/g;

function filler(method: Method, data: CredentialData) {
  const labelOf = (name: string) => method.fields[name]?.label ?? name;
  const stored = (name: string): string => given(data[name], labelOf(name), name);
  const unfit = (name: string, what: string): never => {
    throw new StepFailure(unfitValue(labelOf(name), name, what));
  };
  const base = (name: string, fallback: string | undefined, part: "base" | "origin"): string => {
    const url = readUrl(data[name] === undefined && fallback !== undefined ? fallback : stored(name));
    if (!url) return unfit(name, "a URL such as https://api.example.com");
    return part === "origin" ? url.origin : `${url.origin}${url.pathname.replace(/\/+$/, "")}`;
  };
  const label = (name: string): string =>
    /^[a-z0-9-]{1,63}$/i.test(stored(name)) ? stored(name) : unfit(name, "letters, digits and dashes only");
  const cloud = (name: string): string =>
    isCloudId(stored(name))
      ? `https://${placeOfCloudId(stored(name))}`
      : unfit(name, "a Cloud ID, name and code with a colon between");
  const text = (template: string, encode = (value: string) => value) =>
    template.replace(FIELD, (_, kind: string | undefined, name: string, fallback: string | undefined) => {
      if (kind === "base" || kind === "origin") return base(name, fallback, kind);
      if (kind === "label") return label(name);
      return kind === "cloud" ? cloud(name) : encode(stored(name));
    });
  return {
    text,
    header: (template: string): string => {
      const value = text(template);
      const fits = /^[\x20-\x7e]*$/.test(value);
      return fits ? value : unfit(firstField(template), "visible ASCII characters, since it travels in a header");
    },
    url: (template: string): URL =>
      readUrl(text(template, encodeURIComponent)) ?? unfit(firstField(template), "what fits into a URL"),
  };
}

const firstField = (template: string): string => [...template.matchAll(FIELD)][0]?.[2] ?? "";

/** Undefined for what is no http or https URL; the platform's own error would keep the text. */
function readUrl(text: string): URL | undefined {
  const whole = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `https://${text}`;
  if (!URL.canParse(whole)) return undefined;
  const url = new URL(whole);
  return ["https:", "http:"].includes(url.protocol) && url.hostname !== "" ? url : undefined;
}

/** From its own fields, or as it stands in the URL that was given. */
function basicAuth({ basic, url }: HttpTest, { fields }: Method, data: CredentialData): string | undefined {
  if (!basic) return undefined;
  const [user, password] = basic.map((name) =>
    fields[name]?.required ? given(data[name], fields[name].label, name) : data[name],
  );
  const inUrl = readUrl(String(data[firstField(url)] ?? ""));
  const pair =
    user !== undefined || password !== undefined
      ? [user ?? "", password ?? ""]
      : [decodeURIComponent(inUrl?.username ?? ""), decodeURIComponent(inUrl?.password ?? "")];
  return pair.join("") === "" ? undefined : `Basic ${Buffer.from(pair.join(":")).toString("base64")}`;
}

function bodyOf({ json, form }: HttpTest, fill: (text: string) => string) {
  if (form) {
    const filled = Object.entries(form).map(([name, value]) => [name, fill(value)]);
    return { type: "application/x-www-form-urlencoded", text: new URLSearchParams(filled).toString() };
  }
  if (json === undefined) return undefined;
  const text = JSON.stringify(json, (_, value: unknown) => (typeof value === "string" ? fill(value) : value));
  return { type: "application/json", text };
}

const unfitValue = (label: string, field: string, what: string): Problem => ({
  code: "value_unfit",
  meaning: `${label} cannot be used as it is: it must be ${what}.`,
  advice: "Correct it and test again.",
  field,
  outcome: "failed",
});
