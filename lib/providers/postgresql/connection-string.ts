import { isHost } from "../host-syntax";

/**
 * Reads `postgresql://user:password@host:port/database?sslmode=…`, and nothing else. The usual parser lets the query
 * replace the host, opens files and unix sockets that the text names, and fills gaps with defaults of our own
 * process; so the driver never sees a connection string, only what this reader found. One pass, no backtracking.
 */
interface ConnectionString {
  user: string;
  password?: string;
  host: string;
  port: number;
  database: string;
  /** Absent: nothing is said, which is not the same as any of the words. */
  sslmode?: StringSslMode;
  applicationName?: string;
  connectTimeoutSeconds?: number;
}

const stringSslModes = ["disable", "allow", "prefer", "require", "verify-ca", "verify-full"] as const;
type StringSslMode = (typeof stringSslModes)[number];

export type ReadConnectionString = { ok: true; value: ConnectionString } | { ok: false; problem: string };

const SCHEMES = ["postgresql://", "postgres://"];
const DEFAULT_PORT = 5432;

/** Carries a fixed text out of the nested readers; never leaves this file. */
class Unreadable extends Error {}

const refuse = (problem: string): never => {
  throw new Unreadable(problem);
};

/** Judges and takes apart a connection string. The problem is fixed text that repeats nothing of the input. */
export function readConnectionString(text: string): ReadConnectionString {
  try {
    return { ok: true, value: read(text) };
  } catch (error) {
    if (error instanceof Unreadable) return { ok: false, problem: error.message };
    throw error;
  }
}

function read(text: string): ConnectionString {
  const scheme = SCHEMES.find((one) => text.startsWith(one));
  if (!scheme) return refuse("Must start with postgresql:// or postgres://");
  if (/[\s\0]/.test(text)) refuse("Must not contain spaces; write them as %20");
  if (text.includes("#")) refuse("Write # as %23");
  const rest = text.slice(scheme.length);
  const queryAt = rest.indexOf("?");
  const beforeQuery = queryAt < 0 ? rest : rest.slice(0, queryAt);
  const slash = beforeQuery.indexOf("/");
  if (slash < 0) refuse("Must name the database after the host, as in …@host/database");
  const database = decode(beforeQuery.slice(slash + 1), "database name");
  if (database === "") refuse("Must name the database after the host, as in …@host/database");
  if (beforeQuery.indexOf("/", slash + 1) >= 0) refuse("Must hold one database name; write / in it as %2F");
  return {
    ...readAuthority(beforeQuery.slice(0, slash)),
    database,
    ...readQuery(queryAt < 0 ? "" : rest.slice(queryAt + 1)),
  };
}

function readAuthority(authority: string) {
  const at = authority.indexOf("@");
  if (at < 0) refuse("Must name the user, as in postgresql://user:password@host/database");
  if (authority.indexOf("@", at + 1) >= 0) refuse("Write @ in a user name or password as %40");
  const userinfo = authority.slice(0, at);
  const colon = userinfo.indexOf(":");
  if (colon >= 0 && userinfo.indexOf(":", colon + 1) >= 0) refuse("Write : in a user name or password as %3A");
  const user = decode(colon < 0 ? userinfo : userinfo.slice(0, colon), "user name");
  if (user === "") refuse("Must name the user, as in postgresql://user:password@host/database");
  const password = colon < 0 ? "" : decode(userinfo.slice(colon + 1), "password");
  return { user, ...(password === "" ? {} : { password }), ...readHost(authority.slice(at + 1)) };
}

function readHost(text: string) {
  if (text.includes(",")) refuse("Must name exactly one host");
  const closing = text.startsWith("[") ? text.indexOf("]") + 1 : text.indexOf(":");
  const end = closing < 0 ? text.length : closing;
  const host = text.slice(0, end);
  if (host === "" || !isHost(host)) refuse("Must name a host or an IP address; files and sockets are not accepted");
  const after = text.slice(end);
  if (after === "") return { host, port: DEFAULT_PORT };
  const port = /^:[1-9]\d{0,4}$/.test(after) ? Number(after.slice(1)) : 0;
  if (port < 1 || port > 65_535) refuse("Must have a port from 1 to 65535 after the host, or none");
  return { host, port };
}

function readQuery(query: string) {
  const found = new Map<string, string>();
  for (const pair of query === "" ? [] : query.split("&")) {
    const equals = pair.indexOf("=");
    const key = equals < 0 ? pair : pair.slice(0, equals);
    if (found.has(key)) refuse("Must not give the same parameter twice");
    found.set(key, decode(equals < 0 ? "" : pair.slice(equals + 1), "parameter"));
  }
  for (const key of found.keys()) {
    if (!["sslmode", "application_name", "connect_timeout"].includes(key)) {
      refuse("May have only sslmode, application_name and connect_timeout after the question mark");
    }
  }
  return {
    ...readSslMode(found.get("sslmode")),
    ...readApplicationName(found.get("application_name")),
    ...readTimeout(found.get("connect_timeout")),
  };
}

function readSslMode(value: string | undefined) {
  if (value === undefined) return {};
  const sslmode = stringSslModes.find((mode) => mode === value);
  return sslmode === undefined ? refuse(`Must have an sslmode of: ${stringSslModes.join(", ")}`) : { sslmode };
}

function readApplicationName(value: string | undefined) {
  if (value === undefined) return {};
  if (!/^[\x20-\x7e]{1,63}$/.test(value)) refuse("Must have an application_name of 1 to 63 ASCII characters");
  return { applicationName: value };
}

function readTimeout(value: string | undefined) {
  if (value === undefined) return {};
  if (!/^\d{1,4}$/.test(value)) refuse("Must have a connect_timeout in whole seconds");
  return { connectTimeoutSeconds: Number(value) };
}

function decode(text: string, what: string): string {
  try {
    const plain = decodeURIComponent(text);
    if (plain.isWellFormed() && !plain.includes("\0")) return plain;
  } catch {
    // Falls through to the one refusal: the platform's own message is not for the caller.
  }
  return refuse(`Must have a correctly percent-encoded ${what}; write % as %25`);
}
