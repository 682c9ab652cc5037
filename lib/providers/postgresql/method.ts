import { z } from "zod";
import type { FieldProblem } from "@/lib/platform/refusal";
import { CERTIFICATES_MAX, certificatesProblem, mendCertificates } from "../certificate-text";
import { type CredentialData, choice, type Field, host, type Method, port, secret, text, textBlock } from "../define";
import { hostWithPort } from "../host-syntax";
import { readConnectionString, unwrapConnectionString } from "./connection-string";
import { pasteConnectionString } from "./paste";

const LIBPQ = "https://www.postgresql.org/docs/current/libpq-connect.html";
const TLS = "https://www.postgresql.org/docs/current/libpq-ssl.html";

const sslModes = ["disable", "require", "verify-ca", "verify-full"] as const;
export type SslMode = (typeof sslModes)[number];

const AUTOMATIC =
  "Automatic: encrypted if the server offers it, and the password is sent only to a server whose certificate was verified " +
  "fully. To any other it is proven (SCRAM) without being sent; a server that wants it in clear or as MD5 is refused.";

const unless = "connection_string";

const fields = {
  host: host({ label: "Host", placeholder: "db.example.com", unless }),
  port: port({ label: "Port", default: 5432, unless }),
  database: text({ label: "Database", placeholder: "app", max: 255, destination: true, unless }),
  username: text({
    label: "User name",
    placeholder: "app_reader",
    max: 255,
    destination: true,
    aliases: ["user"],
    unless,
  }),
  password: secret({ label: "Password", max: 1024, unless }),
  sslmode: choice({
    label: "TLS",
    help: AUTOMATIC,
    docs: TLS,
    optional: true,
    emptyLabel: "Automatic",
    destination: true,
    unless,
    options: [
      {
        value: "verify-full",
        label: "Verify fully",
        help: "Encrypted; the certificate must be trusted and made out for this host.",
      },
      {
        value: "verify-ca",
        label: "Verify the authority",
        help: "Encrypted; the certificate must be trusted, for whatever host.",
      },
      { value: "require", label: "Encrypt only", help: "Encrypted, but anybody in between could pose as the server." },
      { value: "disable", label: "None", help: "Not encrypted. Only for networks you trust completely." },
    ],
  }),
  ssl_ca: textBlock({
    label: "Certificate authority",
    help: "PEM text of the authority that signed the server's certificate, if it is not a public one.",
    placeholder: "-----BEGIN CERTIFICATE-----",
    docs: TLS,
    optional: true,
    advanced: true,
    destination: true,
    max: CERTIFICATES_MAX,
  }),
  connection_string: connectionString(),
};

/** Kept and handed out as it is, once what it was copied with is taken off. */
function connectionString(): Field {
  const field = secret({
    label: "Connection string",
    help: "Instead of the fields above, which are then ignored. Without sslmode, TLS is automatic as described there.",
    placeholder: "postgresql://user:password@db.example.com:5432/app?sslmode=verify-full",
    docs: LIBPQ,
    optional: true,
    advanced: true,
  });
  const unwrapped = (value: unknown) => (typeof value === "string" ? unwrapConnectionString(value) : value);
  return { ...field, schema: z.preprocess(unwrapped, field.schema) };
}

/** The one way to sign in to a PostgreSQL server, for every provider that is one. */
export const passwordMethod = (): Method => ({
  type: "user_password",
  label: "User name and password",
  fields,
  example: {
    host: "db.example.com",
    port: 5432,
    database: "app",
    username: "app_reader",
    password: "example-password",
    sslmode: "verify-full",
  },
  check,
  normalise: mendAuthority,
  paste: pasteConnectionString,
  summary,
  publicFacts: (data) => (given(data) ? place(data) : {}),
  destination: (data) => (given(data) ? JSON.stringify(place(data)) : ""),
  obtainedBy: "values",
  testable: true,
  rotates: "password",
  deepCheck: (data) => (data.ssl_ca === undefined ? undefined : "ssl_ca"),
});

const given = (data: CredentialData) => typeof data.connection_string === "string";

function check(data: CredentialData): FieldProblem[] {
  const problems: FieldProblem[] = [];
  if (typeof data.connection_string === "string") {
    const result = readConnectionString(data.connection_string);
    if (!result.ok) problems.push({ path: ["connection_string"], message: result.problem, code: "value_error" });
  }
  const problem = typeof data.ssl_ca === "string" ? certificatesProblem(data.ssl_ca) : undefined;
  if (problem) problems.push({ path: ["ssl_ca"], message: problem, code: "value_error" });
  return problems;
}

const mendAuthority = (data: CredentialData): CredentialData =>
  typeof data.ssl_ca === "string" ? { ...data, ssl_ca: mendCertificates(data.ssl_ca) } : data;

/** Where a connection string leads: its public part. */
function place(data: CredentialData): CredentialData {
  const result = readConnectionString(String(data.connection_string));
  if (!result.ok) return {};
  const { host, port, database, user, sslmode } = result.value;
  return { host, port, database, username: user, ...(sslmode === undefined ? {} : { sslmode }) };
}

function summary(data: CredentialData): string {
  const { host, port, database, username } = given(data) ? place(data) : data;
  return `${hostWithPort(host, port)}/${database} as ${username}`;
}
