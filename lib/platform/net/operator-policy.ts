import "server-only";
import { type Env, env } from "@/lib/platform/env";
import { type Endpoint, type OutboundPolicy, readAllowList } from "./policy";

/** The policy that the operator's settings make. Read in the server process; the one that dials gets it as data. */
export const outboundPolicy = (settings: Env = env()): OutboundPolicy => ({
  allow: readAllowList(settings.OUTBOUND_ALLOW ?? ""),
  selfEndpoints: [
    { host: settings.HOST, port: settings.PORT },
    ...[settings.DATABASE_URL, settings.MIGRATION_DATABASE_URL].flatMap((url) => (url ? databasePlaces(url) : [])),
  ],
});

/** Every host and port that a database address of our own can lead to; its query can replace them. */
export function databasePlaces(url: string): Endpoint[] {
  const rest = url.slice(url.indexOf("://") + 3);
  const [, query = ""] = rest.split("?", 2);
  const authority = rest.split(/[/?]/, 1)[0] ?? "";
  const parameters = new URLSearchParams(query);
  const given = authority
    .slice(authority.lastIndexOf("@") + 1)
    .split(",")
    .map(splitPort);
  const hosts = ["host", "hostaddr"].flatMap((key) => parameters.get(key)?.split(",") ?? []);
  const ports = [...given.map(({ port }) => port), ...(parameters.get("port")?.split(",") ?? []).map(Number)];
  const names = [...given.map(({ host }) => host), ...hosts].filter((host) => !/^(\/|%2f)/i.test(host));
  return names.flatMap((host) => [...new Set(ports)].map((port) => ({ host: host || "localhost", port })));
}

export function splitPort(text: string): Endpoint {
  const end = text.startsWith("[") ? text.indexOf("]") + 1 : text.indexOf(":");
  if (end <= 0 || text[end] !== ":") return { host: text, port: 5432 };
  return { host: text.slice(0, end), port: Number(text.slice(end + 1)) || 5432 };
}
