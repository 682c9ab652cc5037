import ipaddr from "ipaddr.js";

type Network = [ipaddr.IPv4 | ipaddr.IPv6, number];

/** A network in CIDR form, or a single address, as it is kept: undefined for what is none, or has bits set behind its prefix. */
export function networkOf(text: string): string | undefined {
  const network = parsed(text.trim());
  if (!network) return undefined;
  const [address, prefix] = network;
  const written = `${address.toString()}/${prefix}`;
  const family = address.kind() === "ipv4" ? ipaddr.IPv4 : ipaddr.IPv6;
  return family.networkAddressFromCIDR(written).toString() === address.toString() ? written : undefined;
}

/** Whether an address lies in one of these networks; what is no address lies in none. */
export function isWithin(address: string, networks: readonly string[]): boolean {
  if (!ipaddr.isValid(address)) return false;
  const asked = ipaddr.process(address);
  return networks.some((text) => {
    const network = parsed(text);
    return network !== undefined && network[0].kind() === asked.kind() && asked.match(network as never);
  });
}

function parsed(text: string): Network | undefined {
  if (ipaddr.isValidCIDR(text)) return ipaddr.parseCIDR(text);
  if (!/[.:].*[.:]/.test(text) || !ipaddr.isValid(text)) return undefined;
  const address = ipaddr.process(text);
  return [address, address.kind() === "ipv4" ? 32 : 128];
}
