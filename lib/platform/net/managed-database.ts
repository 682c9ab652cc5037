import "server-only";
import { type Env, env } from "@/lib/platform/env";
import { databasePlaces, outboundPolicy, splitPort } from "./operator-policy";
import { bareName, type Endpoint, type OutboundPolicy, readAllowList } from "./policy";

/** The server on which organisations have databases of their own, as the operator's settings name it. */
export interface ManagedDatabase {
  /** Address of the role that makes databases and roles there. A secret. */
  url: string;
  /** Where programs, and this product on their behalf, reach the server. */
  clients: Endpoint;
}

/** @throws Error when it is the server that the vault's own data lie on: nobody's workflow may come near those */
export function managedDatabase(settings: Env = env()): ManagedDatabase | undefined {
  const url = settings.MANAGED_DATABASE_URL;
  if (url === undefined) return undefined;
  const [admin] = databasePlaces(url);
  if (!admin) throw new Error("MANAGED_DATABASE_URL must name a host: sockets are not accepted");
  const other = settings.MANAGED_DATABASE_HOST;
  const clients =
    other === undefined ? admin : { ...splitPort(other), ...(!/:\d+$/.test(other) && { port: admin.port }) };
  const own = outboundPolicy(settings).selfEndpoints.map(asText);
  if ([admin, clients].some((place) => own.includes(asText(place))))
    throw new Error("MANAGED_DATABASE_URL must name another server than the vault's own database");
  return { url, clients };
}

const asText = ({ host, port }: Endpoint) => `${bareName(host)}:${port}`;

/**
 * The policy for credentials of that server: it may be reached although it is an inner one, and nothing else may. The
 * vault's own places stay refused, by whatever name they are called.
 */
export function withManagedDatabase(policy: OutboundPolicy): OutboundPolicy {
  const managed = managedDatabase();
  return managed ? opened(policy, [managed.clients]) : policy;
}

/** The policy for making a database there, which is done at the address of the role that may. */
export const policyForMaking = ({ url, clients }: ManagedDatabase): OutboundPolicy =>
  opened(outboundPolicy(), [...databasePlaces(url).slice(0, 1), clients]);

const opened = (policy: OutboundPolicy, places: Endpoint[]): OutboundPolicy => ({
  ...policy,
  allow: [...policy.allow, ...readAllowList(places.map(({ host, port }) => `${host}:${port}`).join(","))],
});
