import "server-only";
import { isIP } from "node:net";
import ipaddr from "ipaddr.js";

/**
 * What an address is, judged on the address that packets would in the end reach: an IPv4 address that travels inside an
 * IPv6 one is judged as itself.
 */
export interface ClassifiedIp {
  /** The shortest spelling, with an embedded IPv4 address taken out. */
  canonical: string;
  /** What to dial. */
  literal: string;
  kind: AddressKind;
}

export type AddressKind = "public" | "loopback" | "private" | "link_local" | "metadata" | "reserved" | "unusable";

/** Fixed places where clouds hand out their machines' own credentials. Only one range of them is link-local. */
const METADATA = [
  "169.254.169.254",
  "169.254.170.2",
  "100.100.100.200",
  "192.0.0.192",
  "168.63.129.16",
  "fd00:ec2::254",
  "fd20:ce::254",
];

/** Judges one address as a resolver or a person writes it; undefined for anything that is not an address. */
export function classifyIp(text: string): ClassifiedIp | undefined {
  const plain = text.replace(/^\[(.*)\]$/, "$1");
  if (isIP(plain) === 0 || plain.includes("%")) return undefined;
  const address = ipaddr.parse(plain);
  if (address instanceof ipaddr.IPv4) return judged(address, address.toString());
  if (address.isIPv4MappedAddress()) return judged(address.toIPv4Address(), address.toIPv4Address().toString());
  // A network without IPv4 reaches the public IPv4 internet through this one prefix, so it cannot just be refused.
  if (address.match(NAT64, 96)) return judged(lastFourBytes(address), address.toString());
  return judged(address, address.toString());
}

const NAT64 = ipaddr.IPv6.parse("64:ff9b::");
const GLOBAL_UNICAST = ipaddr.IPv6.parse("2000::");

function judged(address: ipaddr.IPv4 | ipaddr.IPv6, literal: string): ClassifiedIp {
  const canonical = address.toString();
  return { canonical, literal, kind: METADATA.includes(canonical) ? "metadata" : kindOf(address) };
}

function kindOf(address: ipaddr.IPv4 | ipaddr.IPv6): AddressKind {
  const range: string = address.range();
  const known = KINDS[range];
  if (known) return known;
  if (address instanceof ipaddr.IPv6 && !address.match(GLOBAL_UNICAST, 3)) return "unusable";
  return range === "unicast" ? "public" : "reserved";
}

/** Transition mechanisms (6to4, Teredo, the compatible and translated forms) lead to whatever IPv4 address they carry. */
const KINDS: Record<string, AddressKind> = {
  loopback: "loopback",
  private: "private",
  uniqueLocal: "private",
  carrierGradeNat: "private",
  deprecatedSiteLocal: "private",
  linkLocal: "link_local",
  unspecified: "unusable",
  broadcast: "unusable",
  multicast: "unusable",
  "6to4": "unusable",
  teredo: "unusable",
  rfc6145: "unusable",
  rfc6052: "unusable",
};

const lastFourBytes = (address: ipaddr.IPv6) => new ipaddr.IPv4(address.toByteArray().slice(12));

/** Whether an address lies in a range such as 10.0.0.0/8; the families do not mix. */
export function inRange(address: string, range: { base: string; bits: number }): boolean {
  const [one, base] = [ipaddr.parse(address), ipaddr.parse(range.base)];
  return one.kind() === base.kind() && one.match(base, range.bits);
}
