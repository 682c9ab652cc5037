import ipaddr from "ipaddr.js";

/**
 * What stands for "one stranger" wherever something is counted or shared by address. A customer of an IPv6 network gets
 * at least a /64 and may take any of its 2^64 addresses, so that is one; IPv4 inside IPv6 is the IPv4 address; those of
 * `localhost` are one machine. What is no address stands for itself.
 */
export function networkOf(address: string): string {
  if (!ipaddr.IPv4.isValidFourPartDecimal(address) && !ipaddr.IPv6.isValid(address)) return address;
  const known = ipaddr.process(address.replace(/%.*$/, ""));
  if (known instanceof ipaddr.IPv4) return known.toString();
  // This machine, by whichever of the two addresses of `localhost` a client tried first.
  if (known.range() === "loopback") return "127.0.0.1";
  return `${new ipaddr.IPv6([...known.parts.slice(0, 4), 0, 0, 0, 0]).toString()}/64`;
}
