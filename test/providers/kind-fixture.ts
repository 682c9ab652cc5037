import { exampleOf, isSecretField } from "@/lib/providers/catalog/field";
import type { Kind } from "@/lib/providers/catalog/schema";
import type { Authentication } from "@/lib/providers/catalog/schema-authentication";
import type { AnswerRule, HttpTest, Meaning } from "@/lib/providers/catalog/schema-test";
import type { CredentialData } from "@/lib/providers/define";
import { SERVICE_ACCOUNT_KEY, SERVICE_ACCOUNT_TOKEN } from "@/test/servers/token-endpoint";

/** What a test of a kind's file expects, worked out from the file without any of the code under test. */

/** Every secret is a marker, and what names a place names one of example.com. */
export function markedValues(kind: Kind): CredentialData {
  const place =
    typeof kind.base_url === "object" && kind.base_url.form !== "elastic_cloud_id" ? kind.base_url.field : "";
  const own = Object.fromEntries(
    kind.fields.map((field) => {
      if (field.name === place) return [field.name, `https://${field.name.replaceAll("_", "-")}.example.com:6333/`];
      return [field.name, isSecretField(field) ? `MARKER-${field.name}` : exampleOf(field)];
    }),
  );
  const account = kind.authentication?.find((one) => one.scheme === "service_account_jwt");
  if (account) own[account.private_key] = SERVICE_ACCOUNT_KEY;
  return { ...own, ...(kind.credential_type === "oauth2" && { access_token: "MARKER-access_token" }) };
}

const filled = (template: string, data: CredentialData): string =>
  template.replace(/\{(\w+)\}/g, (_, name) => String(data[name]));

/** The host that a kind's request goes to, as it stands in the request. */
export function hostOf(kind: Kind, test: HttpTest, data: CredentialData): string {
  const { base_url: base } = kind;
  if (test.url !== undefined) return new URL(filled(test.url, data)).host;
  if (typeof base === "string") return new URL(filled(base, data)).host;
  if (base?.form === "elastic_cloud_id") return "abc123.eu-west-1.aws.found.io";
  return new URL(String(data[base?.field ?? ""])).host;
}

interface Sent {
  url: string;
  headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** What a request must look like that is signed by this scheme: where to look, what is there, and what must be. */
export function signatureIn(
  scheme: Authentication,
  data: CredentialData,
  { url, headers }: Sent,
): [found: unknown, wanted: unknown] {
  const named = (name: string | { field: string }) => String(typeof name === "string" ? name : data[name.field]);
  switch (scheme.scheme) {
    case "none":
      return [headers.authorization, undefined];
    case "bearer":
      return [headers.authorization, `Bearer ${filled(scheme.token, data)}`];
    case "basic": {
      const pair = `${filled(scheme.username, data)}:${filled(scheme.password, data)}`;
      return [headers.authorization, `Basic ${Buffer.from(pair).toString("base64")}`];
    }
    case "header":
      return [headers[named(scheme.name).toLowerCase()], filled(scheme.value, data)];
    case "query":
      return [new URL(url, "https://x.example").searchParams.get(scheme.name), filled(scheme.value, data)];
    case "service_account_jwt":
      return [headers.authorization, `Bearer ${SERVICE_ACCOUNT_TOKEN}`];
    case "oauth2":
      return [headers.authorization, `Bearer ${data.access_token}`];
    case "aws_sigv4":
      return [
        /^AWS4-HMAC-SHA256 Credential=([^/]+)\/.*, Signature=[0-9a-f]{64}$/.exec(String(headers.authorization))?.[1],
        data[scheme.access_key_id],
      ];
    case "client_certificate":
      return [true, true];
  }
}

/** An answer that a rule is about. */
export const answerOf = ({ path, is }: AnswerRule): string =>
  JSON.stringify(
    path.reduceRight<unknown>(
      (inside, step) => (typeof step === "number" ? [...Array(step).fill(null), inside] : { [step]: inside }),
      is[0],
    ),
  );

/** An answer that says that all is well. */
export function acceptingAnswer({ answers = [], statuses = {} }: HttpTest): { status: number; body: string } {
  const rule = answers.find(({ means }) => means === "accepted");
  if (rule) return { status: rule.status, body: answerOf(rule) };
  const status = Object.keys(statuses).find((one) => statuses[one] === "accepted");
  return { status: statuses[200] === undefined || !status ? 200 : Number(status), body: "{}" };
}

/** How a test ends that got an answer of this meaning. */
export const ENDINGS: Record<Meaning, [outcome: string, reason: string | undefined]> = {
  accepted: ["ok", undefined],
  wrong_key: ["failed", "wrong_credentials"],
  refused: ["failed", "access_refused"],
  no_permission: ["degraded", "permission_denied"],
  no_credit: ["degraded", "no_credit"],
  throttled: ["unreachable", "rate_limited"],
  not_found: ["failed", "path_unknown"],
  unexpected: ["failed", "unexpected_answer"],
};
