import "server-only";
import type { CredentialData } from "../define";
import { StepFailure } from "../trail";
import { readConnectionString } from "./connection-string";
import type { SslMode } from "./method";

/** Everything that the driver is told: with a gap it would look for its own defaults. */
export interface Target {
  host: string;
  port: number;
  database: string;
  user: string;
  password: string;
  /** Not given: what the server offers, without ever telling the password to one that was not verified. */
  sslmode: SslMode | undefined;
  ca: string | undefined;
}

/** Brings both forms of the values, the fields and the connection string, to one. @throws StepFailure */
export function targetOf(data: CredentialData): Target {
  const ca = typeof data.ssl_ca === "string" ? data.ssl_ca : undefined;
  if (typeof data.connection_string !== "string") {
    return {
      host: String(data.host),
      port: Number(data.port),
      database: String(data.database),
      user: String(data.username),
      password: String(data.password),
      sslmode: data.sslmode as SslMode | undefined,
      ca,
    };
  }
  const read = readConnectionString(data.connection_string);
  if (!read.ok) throw new StepFailure({ ...BAD_STRING, meaning: `The connection string: ${read.problem}.` });
  const { host, port, database, user, password = "", sslmode } = read.value;
  // "allow" and "prefer" would go on without encryption when somebody in between says so. A test never does.
  return {
    host,
    port,
    database,
    user,
    password,
    sslmode: sslmode === "allow" || sslmode === "prefer" ? "require" : sslmode,
    ca,
  };
}

const BAD_STRING = {
  code: "connection_string_unreadable",
  meaning: "",
  advice: "Correct it and test again.",
  field: "connection_string",
  outcome: "failed",
} as const;

/** The same values with another password of letters, digits, dashes and underscores, in whichever form they have it. @throws StepFailure */
export function withPassword(data: CredentialData, password: string): CredentialData {
  if (typeof data.connection_string !== "string") return { ...data, password };
  targetOf(data);
  // The reader has seen exactly one "@", and before it at most one ":" behind the scheme's.
  const [, scheme = "", user = "", rest = ""] =
    /^(postgres(?:ql)?:\/\/)([^:@]*)(?::[^@]*)?(@.*)$/.exec(data.connection_string) ?? [];
  return { ...data, connection_string: `${scheme}${user}:${password}${rest}` };
}
