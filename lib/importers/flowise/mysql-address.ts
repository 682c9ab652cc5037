import { isHost } from "@/lib/providers/define";
import type { MysqlTarget } from "@/lib/providers/drivers/mysql-session";
import { cut } from "../text";

/** Where an address leads, and the database there. */
export interface MysqlAddress {
  target: MysqlTarget;
  database: string;
}

type Read = { ok: true; value: MysqlAddress } | { ok: false; problem: string };

const SCHEME = /^(?:jdbc:)?(?:mysql|mariadb)(?:\+[a-z0-9_]{1,40})?:\/\//i;

export const isMysqlAddress = (text: string): boolean => SCHEME.test(text);

/** By MySQL's and by libpq's words; what only prefers encryption is what suits where the server stands. */
const MODES: Record<string, MysqlTarget["tls"]> = {
  disabled: "disable",
  disable: "disable",
  false: "disable",
  preferred: undefined,
  prefer: undefined,
  required: "require",
  require: "require",
  true: "require",
  verify_ca: "verify-full",
  "verify-ca": "verify-full",
  verify_identity: "verify-full",
  "verify-full": "verify-full",
};
const TLS = ["ssl-mode", "sslmode", "ssl", "tls"];
/** They tune the program that uses the address, and lead nowhere. */
const TUNING = /^(?:charset|timezone|collation|connect_?timeout|connection_?limit|pool_?timeout|server_?version)$/i;

/**
 * Reads `mysql://user:password@host:port/database?ssl-mode=…`, mariadb:// alike. The problem is fixed text that repeats
 * nothing of the input. One pass, no backtracking.
 */
export function readMysqlAddress(text: string): Read {
  const rest = text.replace(SCHEME, "");
  if (/[\s\0]/.test(rest)) return refuse("Must not contain spaces; write them as %20");
  if (rest.includes("#")) return refuse("Write # as %23");
  const [beforeQuery, query] = cut(rest, "?");
  const [authority, database] = cut(beforeQuery, "/");
  const at = authority.lastIndexOf("@");
  if (at < 1) return refuse("Must name the user, as in mysql://user:password@host/database");
  if (authority.indexOf("@") !== at) return refuse("Write @ in the user name and password as %40");
  if ((query ?? "").includes("@")) return refuse("Write ? and / in the user name and password as %3F and %2F");
  const [user, password = ""] = cut(authority.slice(0, at), ":");
  const [, host = "", port = "3306"] = /^(\[[^\]]*\]|[^:]*)(?::(\d{1,5}))?$/.exec(authority.slice(at + 1)) ?? [];
  if (!isHost(host) || Number(port) < 1 || Number(port) > 65_535)
    return refuse("Must name a host, and a port if it is not 3306");
  if (!database || database.includes("/"))
    return refuse("Must name the database, as in mysql://user:password@host/database");
  const tls = modeIn(query);
  if (!tls.ok) return tls;
  try {
    const [plainUser, plainPassword, plainDatabase] = [user, password, database].map(decodeURIComponent);
    if (!plainUser || !plainDatabase) return refuse("Must name the user and the database");
    return {
      ok: true,
      value: {
        target: { host, port: Number(port), user: plainUser, password: plainPassword ?? "", tls: tls.mode },
        database: plainDatabase,
      },
    };
  } catch {
    // The platform's own message repeats what it could not read.
    return refuse("Write % as %25");
  }
}

function modeIn(query: string | undefined): { ok: true; mode: MysqlTarget["tls"] } | Extract<Read, { ok: false }> {
  const said = [...new URLSearchParams(query)].filter(([name]) => !TUNING.test(name));
  if (said.length === 0) return { ok: true, mode: undefined };
  const [name = "", value = ""] = said[0] ?? [];
  const word = value.toLowerCase();
  const isMode = said.length === 1 && TLS.includes(name.toLowerCase()) && Object.hasOwn(MODES, word);
  return isMode
    ? { ok: true, mode: MODES[word] }
    : refuse("May have the parameter ssl-mode once: DISABLED, PREFERRED, REQUIRED, VERIFY_CA or VERIFY_IDENTITY");
}

const refuse = (problem: string) => ({ ok: false, problem }) as const;
