import { isStorable } from "@/lib/platform/storable";
import { isGiven } from "./mapping";

interface MongoPlace {
  host: unknown;
  port?: unknown;
  user?: unknown;
  password?: unknown;
  database?: unknown;
  /** The host is a DNS name that lists the servers. */
  srv?: boolean;
  tls?: boolean;
}

/**
 * A MongoDB address of its parts, each encoded by itself; undefined without a host, and with a password of nobody, for
 * which an address has no place.
 */
export function mongoUrl({ host, port, user, password, database, srv, tls }: MongoPlace): string | undefined {
  if (typeof host !== "string" || host === "") return undefined;
  if (isGiven(password) && !isGiven(user)) return undefined;
  // Half a character cannot be encoded. Such a part is left as it came, and refused where values are judged.
  if (![host, user, password, database].map(String).every(isStorable)) return undefined;
  const encoded = (value: unknown) => encodeURIComponent(String(value));
  const who = isGiven(user) ? `${encoded(user)}${isGiven(password) ? `:${encoded(password)}` : ""}@` : "";
  const where = `${host}${isGiven(port) && !srv ? `:${String(port)}` : ""}`;
  const path = isGiven(database) ? encoded(database) : "";
  return `mongodb${srv ? "+srv" : ""}://${who}${where}/${path}${tls ? "?tls=true" : ""}`;
}
