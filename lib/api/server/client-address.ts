import "server-only";
import type { IncomingMessage } from "node:http";
import { isIP } from "node:net";
import ipaddr from "ipaddr.js";

type Range = [ipaddr.IPv4 | ipaddr.IPv6, number];

/**
 * Judges where a request comes from: the socket's address, or, where a trusted proxy stands there, the right-most
 * entry of X-Forwarded-For that is not a trusted proxy itself. Anything left of that entry is the client's own claim.
 * @param trustedProxies comma-separated addresses and CIDR ranges
 * @param onUntrusted told, once, of a peer that sends X-Forwarded-For and is not trusted: where it is a reverse proxy of
 * the operator's, all its clients count as one
 * @throws Error for an entry that is neither
 */
export function addressJudge(
  trustedProxies = "",
  onUntrusted: (peer: string) => void = () => undefined,
): (request: IncomingMessage) => string {
  let told = false;
  const trusted = rangesOf(trustedProxies);
  return ({ socket, headers }) => {
    let address = parse(socket.remoteAddress ?? "");
    if (!address) return "unknown";
    if (!told && headers["x-forwarded-for"] !== undefined && !isAmong(address, trusted)) {
      told = true;
      onUntrusted(address.toString());
    }
    const forwarded = String(headers["x-forwarded-for"] ?? "").split(",");
    while (isAmong(address, trusted)) {
      const before = parse(forwarded.pop() ?? "");
      if (!before) break;
      address = before;
    }
    return address.toString();
  };
}

/** Whether a request was handed to us by a proxy that is believed. @throws Error as above */
export function proxyJudge(trustedProxies = ""): (request: IncomingMessage) => boolean {
  const trusted = rangesOf(trustedProxies);
  return ({ socket }) => {
    const address = parse(socket.remoteAddress ?? "");
    return address !== undefined && isAmong(address, trusted);
  };
}

const rangesOf = (entries: string): Range[] =>
  entries
    .split(",")
    .map((entry) => entry.trim())
    .filter(Boolean)
    .map(rangeOf);

function rangeOf(entry: string): Range {
  try {
    if (entry.includes("/")) return ipaddr.parseCIDR(entry);
    const address = ipaddr.process(entry);
    return [address, address.kind() === "ipv4" ? 32 : 128];
  } catch {
    throw new Error(`TRUSTED_PROXIES: ${entry} is neither an address nor a CIDR range`);
  }
}

/** Some proxies add the port: 192.0.2.1:4711, [2001:db8::1]:4711. IPv4 within IPv6 is the IPv4 address. */
function parse(text: string): ipaddr.IPv4 | ipaddr.IPv6 | undefined {
  const bare = text
    .trim()
    .replace(/^\[([^\]]*)\](:\d+)?$/, "$1")
    .replace(/^([\d.]+):\d+$/, "$1");
  return isIP(bare) ? ipaddr.process(bare) : undefined;
}

const isAmong = (address: ipaddr.IPv4 | ipaddr.IPv6, ranges: Range[]) =>
  ranges.some(([network, bits]) => network.kind() === address.kind() && address.match([network, bits] as never));
