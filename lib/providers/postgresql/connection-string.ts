import { isHost, isPort } from "../host-syntax";
import { unwrapAddress } from "../wrapping";
import { readQuery, type StringSslMode } from "./query";
import { decode, definedOf, refuse, Unreadable } from "./unreadable";

/**
 * Reads `postgresql://user:password@host:port/database?sslmode=…`, and nothing else. The usual parser lets the query
 * replace the host, opens files and unix sockets that the text names, and fills gaps with defaults of our own
 * process; so the driver never sees a connection string, only what this reader found. What other programs would read in
 * another way is refused: they are handed the same text, and must end up where it is shown to lead. One pass, no
 * backtracking.
 */
interface Address {
  user?: string;
  password?: string;
  host: string;
  port: number;
  /** Left out, it is the user's name, as everywhere else. */
  database?: string;
  /** Absent: nothing is said, which is not the same as any of the words. */
  sslmode?: StringSslMode;
  /** The string forbids to tell the server the password itself, also to one that was verified. */
  onlyProves?: true;
  /** The names of parameters that tune the program which uses the string, in their order. */
  tuning: string[];
}

type ConnectionString = Address & { user: string; database: string };

type Read<T> = { ok: true; value: T } | { ok: false; problem: string };

const SCHEMES = ["postgresql://", "postgres://"];
const DEFAULT_PORT = 5432;
const NO_USER = "Must name the user, as in postgresql://user:password@host/database";

/** Judges and takes apart a connection string. The problem is fixed text that repeats nothing of the input. */
export const readConnectionString = (text: string): Read<ConnectionString> =>
  reading(() => {
    const { user = refuse(NO_USER), database = user, ...rest } = read(unwrapConnectionString(text));
    return { ...rest, user, database };
  });

/** The same for a string that may leave the user out, as JDBC's do: whoever asks finds the name elsewhere. */
export const readAddress = (text: string): Read<Address> =>
  reading(() => {
    const address = read(unwrapConnectionString(text));
    return { ...address, ...(address.user !== undefined && { database: address.database ?? address.user }) };
  });

function reading<T>(run: () => T): Read<T> {
  try {
    return { ok: true, value: run() };
  } catch (error) {
    if (error instanceof Unreadable) return { ok: false, problem: error.message };
    throw error;
  }
}

/**
 * The string itself, without what it was copied with: blanks, quotes, an assignment, `psql`, `jdbc:`, the driver in its
 * scheme. From the scheme on it stays byte for byte. A text without such a string inside is answered as it came.
 */
export function unwrapConnectionString(text: string): string {
  const address = unwrapAddress(text, withoutPsql);
  const [wrapped, scheme] = SCHEME.exec(address) ?? [];
  return wrapped === undefined || scheme === undefined
    ? text
    : `${scheme.toLowerCase()}://${address.slice(wrapped.length)}`;
}

const SCHEME = /^(?:jdbc:)?(postgres(?:ql)?)(?:\+[a-z0-9_]{1,40})?:\/\//i;
const PSQL = /^(?:\$ )?psql[ \t]{1,9}(?:(?:-d|--dbname)(?:=|[ \t]{1,9}))?/;

const withoutPsql = (text: string) => text.replace(PSQL, "");

/** A string that was read, with another password, which needs no encoding. */
export function replacePassword(text: string, password: string): string {
  const { scheme, authority, path, query } = partsOf(unwrapConnectionString(text));
  const pairs = query?.split("&") ?? [];
  const at = authority.indexOf("@");
  if (at < 0 || pairs.some(isPassword)) {
    const changed = [...pairs.filter((pair) => !isPassword(pair)), `password=${password}`];
    return `${scheme}${authority}${path}?${changed.join("&")}`;
  }
  const user = authority.slice(0, at).split(":")[0];
  return `${scheme}${user}:${password}${authority.slice(at)}${path}${query === undefined ? "" : `?${query}`}`;
}

const isPassword = (pair: string) => decode(pair.split("=")[0] ?? "", "parameter") === "password";

function read(text: string): Address {
  if (!SCHEMES.some((one) => text.startsWith(one))) refuse(whatElse(text));
  if (/[\r\n]/.test(text)) refuse("Must be a single line");
  if (/[\s\0]/.test(text)) refuse("Must not contain spaces; write them as %20");
  if (text.includes("#")) refuse("Write # as %23");
  const { authority, path, query } = partsOf(text);
  const place = readAuthority(authority, `${path}${query ?? ""}`);
  if (path.indexOf("/", 1) >= 0) refuse("Must hold one database name; write / in it as %2F");
  const database = decode(path.slice(1), "database name");
  const { host, port } = place;
  const { user, password, ...said } = readQuery(query ?? "", host);
  if (place.user !== undefined && user !== undefined) refuse("Must name the user once");
  if (place.password !== undefined && password !== undefined) refuse("Must hold the password once");
  return {
    ...definedOf({
      user: (place.user ?? user) || undefined,
      password: (place.password ?? password) || undefined,
      database: database === "" ? undefined : database,
    }),
    host,
    port,
    ...said,
  };
}

function whatElse(text: string): string {
  if (/^\s*(?:\$ )?psql\s/.test(text)) return "Must hold one address after psql, postgresql://…, and nothing else";
  return "Must start with postgresql:// or postgres://";
}

function partsOf(text: string) {
  const schemeEnd = text.indexOf("://") + 3;
  const queryAt = text.indexOf("?", schemeEnd);
  const end = queryAt < 0 ? text.length : queryAt;
  const slash = text.indexOf("/", schemeEnd);
  const pathAt = slash < 0 || slash > end ? end : slash;
  return {
    scheme: text.slice(0, schemeEnd),
    authority: text.slice(schemeEnd, pathAt),
    path: text.slice(pathAt, end),
    query: queryAt < 0 ? undefined : text.slice(queryAt + 1),
  };
}

/** Programs differ in which of several @ they take for the one before the host: there is one, or the string is refused. */
function readAuthority(authority: string, rest: string) {
  const at = authority.indexOf("@");
  if (at !== authority.lastIndexOf("@")) refuse("Write @ in a user name or password as %40");
  if (rest.includes("@")) {
    refuse(
      at < 0
        ? "Write / as %2F, ? as %3F and @ as %40 in a user name, a password or a parameter"
        : "Write @ as %40 everywhere but before the host",
    );
  }
  const [user, password] = at < 0 ? [] : readUserinfo(authority.slice(0, at));
  return { ...definedOf({ user, password }), ...readHost(authority.slice(at + 1)) };
}

function readUserinfo(userinfo: string): (string | undefined)[] {
  const colon = userinfo.indexOf(":");
  if (colon >= 0 && userinfo.indexOf(":", colon + 1) >= 0) refuse("Write : in a user name or password as %3A");
  const user = decode(colon < 0 ? userinfo : userinfo.slice(0, colon), "user name");
  const password = colon < 0 ? "" : decode(userinfo.slice(colon + 1), "password");
  return [user, password].map((part) => (part === "" ? undefined : part));
}

function readHost(text: string) {
  if (text.includes(",")) refuse("Must name exactly one host");
  const closing = text.startsWith("[") ? text.indexOf("]") + 1 : text.indexOf(":");
  const end = closing < 0 ? text.length : closing;
  const host = text.slice(0, end);
  if (host === "" || !isHost(host)) refuse("Must name a host or an IP address; files and sockets are not accepted");
  const after = text.slice(end);
  if (after === "") return { host, port: DEFAULT_PORT };
  if (!after.startsWith(":") || !isPort(after.slice(1))) {
    refuse("Must have a port from 1 to 65535 after the host, or none");
  }
  return { host, port: Number(after.slice(1)) };
}
