import "server-only";
import { promises as dns } from "node:dns";
import { ConnectionString } from "mongodb-connection-string-url";
import { StepError } from "../test-run";
import { BAD_URL, NO_SERVICE_RECORD, OTHER_MECHANISM } from "./mongodb-problems";

/** What of a connection string one sign-in at one server needs. */
export interface Target {
  host: string;
  port: number;
  username: string | undefined;
  password: string | undefined;
  /** Where the user is kept. */
  authSource: string;
  database: string;
  mechanism: "SCRAM-SHA-1" | "SCRAM-SHA-256" | undefined;
  encrypted: boolean;
}

const PORT = 27017;

/**
 * Reads a connection string; of several hosts the first one is tried. `mongodb+srv` names a service whose servers stand in
 * the domain name system; they must be of the service's own domain.
 * @throws StepFailure
 */
export async function readMongoUrl(text: string): Promise<Target> {
  const url = parsed(text);
  const options = new Map([...url.searchParams].map(([name, value]) => [name.toLowerCase(), value]));
  const isService = url.isSRV;
  const { host, port } = isService ? await serverOfService(url.hosts[0] ?? "") : hostAndPort(url.hosts[0] ?? "");
  const named = decodeURIComponent(url.pathname.replace(/^\//, ""));
  const tls = options.get("tls") ?? options.get("ssl");
  return {
    host,
    port,
    username: decoded(url.username),
    password: decoded(url.password),
    authSource: options.get("authsource") ?? (named || "admin"),
    database: named || "test",
    mechanism: mechanismOf(options.get("authmechanism")),
    encrypted: tls === undefined ? isService : tls === "true",
  };
}

function parsed(text: string): ConnectionString {
  try {
    return new ConnectionString(text);
  } catch {
    // Its error would repeat the text.
    throw new StepError(BAD_URL);
  }
}

function decoded(text: string): string | undefined {
  try {
    return text === "" ? undefined : decodeURIComponent(text);
  } catch {
    throw new StepError(BAD_URL);
  }
}

function hostAndPort(text: string): { host: string; port: number } {
  const [, host = "", port] = /^(\[[^\]]+\]|[^:]*)(?::(\d{1,5}))?$/.exec(text) ?? [];
  if (host === "") throw new StepError(BAD_URL);
  return { host, port: Number(port ?? PORT) };
}

function mechanismOf(text: string | undefined): Target["mechanism"] {
  if (text === undefined || text === "DEFAULT") return undefined;
  if (text === "SCRAM-SHA-1" || text === "SCRAM-SHA-256") return text;
  throw new StepError(OTHER_MECHANISM);
}

async function serverOfService(service: string): Promise<{ host: string; port: number }> {
  const records = await dns.resolveSrv(`_mongodb._tcp.${service}`).catch(() => []);
  const domain = service.split(".").slice(1).join(".");
  const own = records.find(
    ({ name }) => domain.includes(".") && name.toLowerCase().endsWith(`.${domain.toLowerCase()}`),
  );
  if (!own) throw new StepError(NO_SERVICE_RECORD);
  return { host: own.name, port: own.port };
}
