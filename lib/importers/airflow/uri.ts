import { cut } from "../text";

/** A connection as Airflow keeps it. */
export interface Connection {
  conn_type: string;
  login?: string;
  password?: string;
  host?: string;
  port?: number;
  schema?: string;
  extra?: string;
}

/**
 * Reads a connection from Airflow's URI form, `type://login:password@host:port/schema?extra`. Each part is
 * percent-encoded by itself, so it is taken apart first and decoded afterwards: an encoded `/` or `@` is no separator.
 * Undefined when it is none.
 */
export function readUri(text: string): Connection | undefined {
  const [, scheme = "", rest = ""] = /^([A-Za-z][A-Za-z0-9+._-]*):\/\/(.*)$/s.exec(text) ?? [];
  if (scheme === "") return undefined;
  try {
    return read(scheme, rest);
  } catch {
    // Encoding that is no encoding: the platform's own message is not for anybody.
    return undefined;
  }
}

function read(scheme: string, rest: string): Connection | undefined {
  const [beforeQuery, query] = cut(rest, "?");
  // `http://https://host` names the protocol that the host is to be asked with.
  const [, protocol, place = ""] = /^(?:([A-Za-z][A-Za-z0-9+.-]*):\/\/)?(.*)$/s.exec(beforeQuery) ?? [];
  const [authority, schema] = cut(place, "/");
  const at = authority.lastIndexOf("@");
  const [login, password] = cut(at < 0 ? "" : authority.slice(0, at), ":");
  const located = readPlace(authority.slice(at + 1));
  if (!located) return undefined;
  const host = decodeURIComponent(located.host);
  const extra = readExtra(query);
  return {
    conn_type: scheme.toLowerCase().replaceAll("-", "_"),
    ...(login && { login: decodeURIComponent(login) }),
    ...(password && { password: decodeURIComponent(password) }),
    ...(host && { host: protocol ? `${protocol}://${host}` : host }),
    ...(located.port !== undefined && { port: located.port }),
    ...(schema && { schema: decodeURIComponent(schema) }),
    ...(extra && { extra }),
  };
}

function readPlace(text: string): { host: string; port?: number } | undefined {
  const [, host = "", port] = /^(\[[^\]]*\]|[^:]*)(?::(\d{0,5}))?$/.exec(text) ?? [];
  if (host === "" && text !== "" && !text.startsWith(":")) return undefined;
  return { host, ...(port && { port: Number(port) }) };
}

/** `__extra__` holds the JSON whole; else each parameter is a part of it. */
function readExtra(query: string | undefined): string | undefined {
  if (!query) return undefined;
  const parameters = new URLSearchParams(query);
  return parameters.get("__extra__") ?? JSON.stringify(Object.fromEntries(parameters));
}
