import "server-only";
import type { CredentialData } from "../define";
import { StepError } from "../test-run";
import { readConnectionString, replacePassword } from "./connection-string";
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
  /** The password is proven and never sent, whoever asks for it. */
  onlyProves: boolean;
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
      onlyProves: false,
    };
  }
  const read = readConnectionString(data.connection_string);
  if (!read.ok) throw unreadable(read.problem);
  const { host, port, database, user, password = "", sslmode, onlyProves = false } = read.value;
  // "allow" and "prefer" would go on without encryption when somebody in between says so. A test never does.
  return {
    host,
    port,
    database,
    user,
    password,
    sslmode: sslmode === "allow" || sslmode === "prefer" ? "require" : sslmode,
    ca,
    onlyProves,
  };
}

const unreadable = (problem: string) =>
  new StepError({
    code: "connection_string_unreadable",
    meaning: `The connection string: ${problem}.`,
    advice: "Correct it and test again.",
    field: "connection_string",
    outcome: "failed",
  });

/** The same values with another password of letters, digits, dashes and underscores, in whichever form they have it. @throws StepFailure */
export function withPassword(data: CredentialData, password: string): CredentialData {
  if (typeof data.connection_string !== "string") return { ...data, password };
  const read = readConnectionString(data.connection_string);
  if (!read.ok) throw unreadable(read.problem);
  return { ...data, connection_string: replacePassword(data.connection_string, password) };
}
