import { isHost } from "../host-syntax";
import { bareValue, settingsIn } from "../settings";
import { unwrapAddress } from "../wrapping";
import { partsOf } from "./address";
import { pairsIn } from "./pairs";
import type { Found, Reader } from "./read";

/**
 * Reads what people have of a SQL Server: the connection string of .NET or ODBC (`Server=tcp:host,1433;Initial Catalog=…`), JDBC's
 * (`jdbc:sqlserver://host:1433;databaseName=…`), and an address that begins with mssql:// or sqlserver://.
 */
export const readSqlServer: Reader = (text) => {
  const values = (settingsIn(text) ?? []).map(([, value]) => value);
  // In JSON, a line has its quotes and backslashes written in another way.
  const lines = text.trim().startsWith("{") ? [] : text.split(/[\r\n]+/);
  for (const line of [...lines, ...values]) {
    const found = ofJdbc(line) ?? ofAddress(line) ?? ofPairs(line);
    if (found) return found;
  }
  return undefined;
};

const JDBC = /jdbc:sqlserver:\/\/([^;]*)(?:;|$)/i;

function ofJdbc(text: string): Found | undefined {
  const found = JDBC.exec(text);
  if (!found) return undefined;
  const [whole, place = ""] = found;
  const rest = upTo(text[found.index - 1] ?? "", text.slice(found.index + whole.length).trim());
  const pairs = pairsIn(rest, "braces");
  if (!pairs) return { problem: "Must have settings such as databaseName=… behind the host, separated by semicolons" };
  const [server = "", instance = pairs.get("instancename")] = place.replace(/:(\d+)$/, "").split("\\");
  const port = /:(\d+)$/.exec(place)?.[1] ?? pairs.get("portnumber") ?? pairs.get("port");
  return placed(server || pairs.get("servername") || pairs.get("server"), port, instance, pairs);
}

/** Without the closing quote, and what a program or JSON goes on with, where one stood in front. */
const upTo = (quote: string, text: string): string =>
  /["'`]/.test(quote) && text.includes(quote) ? text.slice(0, text.lastIndexOf(quote)) : text;

function ofAddress(text: string): Found | undefined {
  const address = unwrapAddress(text).trim();
  if (!/^(?:mssql|sqlserver)(?:\+[a-z0-9]+)?:\/\//i.test(address)) return undefined;
  const parts = partsOf(address);
  if ("problem" in parts) return parts;
  const { path, ...rest } = parts.values;
  const query = new URLSearchParams(/\?([^#]*)/.exec(address)?.[1] ?? "");
  return { values: { ...rest, database: query.get("database") ?? path } };
}

function ofPairs(text: string): Found | undefined {
  const line = bareValue(text.trim().replace(NAME, ""));
  if (!/(?:^|;)\s*(?:server|data source|address|addr|network address)\s*=/i.test(line)) return undefined;
  const pairs = pairsIn(line, /(?:^|;)\s*driver\s*=/i.test(line) ? "braces" : "quotes");
  // One pair by itself may be a line of any settings file.
  if (!pairs || pairs.size < 2) return undefined;
  const [, server = "", instance, port] =
    /^(?:tcp:|np:|lpc:|admin:)?([^\\,]+)(?:\\([^,]+))?(?:,\s*(\d+))?$/i.exec(first(pairs, SERVER) ?? "") ?? [];
  return placed(server, port ?? pairs.get("port"), instance, pairs);
}

/** A name that the string is assigned to, in a file of settings. */
const NAME =
  /^(?!(?:server|user|uid|password|pwd|database|address|addr|driver)\b)(?:export[ \t]+)?(["']?)[\w.:-]{1,99}\1[ \t]*[=:][ \t]*(?=["']|[a-z][a-z ]{0,20}=)/i;

const SERVER = ["server", "datasource", "address", "addr", "networkaddress"];
const first = (pairs: Map<string, string>, names: string[]): string | undefined =>
  names.map((name) => pairs.get(name)).find((value) => value !== undefined && value !== "");

function placed(
  server: string | undefined,
  port: string | undefined,
  instance: string | undefined,
  pairs: Map<string, string>,
): Found {
  const signIn = first(pairs, ["integratedsecurity", "trustedconnection"])?.toLowerCase();
  if (signIn !== undefined && signIn !== "false" && signIn !== "no") return { problem: WINDOWS };
  if (/active ?directory|ntlm|kerberos/i.test(first(pairs, ["authentication", "authenticationscheme"]) ?? ""))
    return { problem: WINDOWS };
  const host = server?.trim().replace(/^\[(.*)\]$/, "$1");
  // A dot, and (local), are the machine itself.
  if (host === undefined || !isHost(host) || host === ".")
    return { problem: "Must name the server by a host name or an IP address" };
  if (port !== undefined && !/^[1-9]\d{0,4}$/.test(port))
    return { problem: "Must have a port from 1 to 65535, or none" };
  const notes = [
    instance !== undefined && port === undefined && "It names an instance, which has a port of its own: enter that.",
    /^(?:true|yes)$/i.test(pairs.get("trustservercertificate") ?? "") &&
      "That any certificate is trusted was not taken over: switch it on below if you mean it.",
  ];
  return {
    values: {
      host,
      port: port === undefined ? undefined : Number(port),
      database: first(pairs, ["initialcatalog", "database", "databasename"]),
      user: first(pairs, ["userid", "uid", "user", "username"]),
      password: first(pairs, ["password", "pwd"]),
    },
    note: notes.filter(Boolean).join(" ") || undefined,
  };
}

const WINDOWS =
  "Must sign in with a user and a password of the server's own: this signs in with an account of Windows or Entra";
