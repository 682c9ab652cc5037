import "server-only";
import { classifyIp } from "./ip-address";

/**
 * Where the product may connect to on behalf of its users. Plain data, so that it can be handed to the process that
 * dials, which has no environment of its own.
 */
export interface OutboundPolicy {
  allow: AllowRule[];
  /** This product's own database and listening addresses: refused whatever the rules say. */
  selfEndpoints: Endpoint[];
}

export interface AllowRule {
  /** "any" is every private network, but neither this machine nor link-local and metadata addresses. */
  to: { any: true } | { base: string; bits: number } | { name: string };
  fromPort: number;
  toPort: number;
}

export interface Endpoint {
  host: string;
  port: number;
}

/**
 * Reads `CIDR:port`, `CIDR:from-to`, `name:port` and `*:port`, comma-separated.
 * @throws Error on a line that means nothing, rather than leaving it out: an operator must not believe in a rule that is not there.
 */
export function readAllowList(text: string): AllowRule[] {
  const lines = text.split(",").map((line) => line.trim());
  return lines.filter((line) => line !== "").map(readRule);
}

function readRule(line: string): AllowRule {
  const colon = line.lastIndexOf(":");
  const [from = "", to = from] = line.slice(colon + 1).split("-");
  const [fromPort, toPort] = [Number(from), Number(to)];
  const target = readTarget(line.slice(0, colon));
  const ports =
    [fromPort, toPort].every((port) => Number.isInteger(port) && port >= 1 && port <= 65_535) && fromPort <= toPort;
  if (colon < 0 || !target || !ports)
    throw new Error("OUTBOUND_ALLOW must be CIDR:port, CIDR:from-to or name:port, comma-separated");
  return { to: target, fromPort, toPort };
}

function readTarget(text: string): AllowRule["to"] | undefined {
  if (text === "*") return { any: true };
  const [address = "", bits] = text.split("/");
  const known = classifyIp(address);
  if (bits === undefined)
    return known ? { base: known.canonical, bits: fullLength(known.canonical) } : { name: bareName(text) };
  const length = Number(bits);
  // A range is written in its own family: "::ffff:10.0.0.0/8" would mean something else to everybody.
  if (
    !known ||
    known.canonical.includes(":") !== address.includes(":") ||
    !(length >= 0 && length <= fullLength(known.canonical))
  )
    return undefined;
  return { base: known.canonical, bits: length };
}

const fullLength = (address: string) => (address.includes(":") ? 128 : 32);

/** Names are compared without case and without the dot that closes an absolute name. */
export const bareName = (name: string): string => name.toLowerCase().replace(/\.$/, "");
