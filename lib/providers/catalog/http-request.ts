import "server-only";
import type { CredentialData } from "../define";
import { type HttpRequest, placeOf, usualHeaders } from "../http-exchange";
import { type ResolvedBaseUrl, readUrl, resolveBaseUrl } from "./base-url";
import type { BaseUrl } from "./schema";
import type { Authentication } from "./schema-authentication";
import type { HttpTest } from "./schema-test";
import { signRequest } from "./sign";
import type { SignedRequest } from "./signed-request";
import { namesIn } from "./templates";
import { type FieldFacts, Values } from "./values";

/** What of a kind its requests are made from. */
export interface RequestSource {
  fields: FieldFacts;
  authentication?: readonly Authentication[] | undefined;
  base_url?: BaseUrl | undefined;
}

/** What is sent to try a credential out, and where to. */
export interface TestRequest extends HttpRequest {
  certificate?: SignedRequest["certificate"];
  /** What may be told of it: "GET api.example.com/v1/models". */
  shown: string;
}

/** Brings a test and a credential's values together. @throws StepFailure naming the field that is missing or unfit */
export async function requestOf(source: RequestSource, test: HttpTest, data: CredentialData): Promise<TestRequest> {
  const values = new Values(source.fields, data);
  const { url, userInfo, isShown } = addressOf(source, test, values);
  const method = test.method ?? "GET";
  const body = bodyOf(test, values);
  const own = Object.entries(test.headers ?? {}).map(([name, text]) => [name, values.header(text)] as const);
  const signed = await signRequest(
    {
      method,
      url,
      headers: {
        ...usualHeaders(url),
        ...Object.fromEntries(own),
        ...(body && { "Content-Type": body.type, "Content-Length": String(Buffer.byteLength(body.text)) }),
      },
      body: body?.text,
    },
    test.signed === false ? [] : (source.authentication ?? []),
    values,
    userInfo,
  );
  return {
    ...placeOf(signed.url),
    method,
    path: signed.url.pathname + signed.url.search,
    headers: { ...signed.headers },
    ...(signed.body !== undefined && { body: signed.body }),
    ...(signed.certificate && { certificate: signed.certificate }),
    shown: `${method} ${url.host}${isShown && signed.url === url ? url.pathname : ""}`,
  };
}

interface RequestTarget {
  url: URL;
  userInfo: [string, string];
  /** Nothing in its path can be a secret. */
  isShown: boolean;
}

function addressOf({ base_url, fields }: RequestSource, { path, url }: HttpTest, values: Values): RequestTarget {
  const base: ResolvedBaseUrl =
    path === undefined || base_url === undefined
      ? { address: "", userInfo: ["", ""], mayHoldSecret: false }
      : resolveBaseUrl(base_url, values);
  const rest = path ?? url ?? "";
  const whole = readUrl(base.address + values.text(rest, encodeURIComponent));
  if (!whole) throw values.unfit(namesIn(rest)[0] ?? "", "what fits into a URL");
  const holdsSecret = base.mayHoldSecret || namesIn(rest).some((name) => fields[name]?.secret);
  return { url: whole, userInfo: base.userInfo, isShown: !holdsSecret };
}

function bodyOf({ json, form }: HttpTest, values: Values) {
  if (form) {
    const filled = Object.entries(form).map(([name, text]) => [name, values.text(text)]);
    return { type: "application/x-www-form-urlencoded", text: new URLSearchParams(filled).toString() };
  }
  if (json === undefined) return undefined;
  const text = JSON.stringify(json, (_, value: unknown) => (typeof value === "string" ? values.text(value) : value));
  return { type: "application/json", text };
}
