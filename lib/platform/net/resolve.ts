import "server-only";
import dns from "node:dns";
import { classifyIp } from "./ip-address";

/** Asks for every address of a name. Injected, so that a test can play a name server that changes its mind. */
export type Lookup = (host: string) => Promise<string[]>;

/** The operating system's resolver, which also knows /etc/hosts and the local search domains. */
export const systemLookup: Lookup = async (host) => {
  const found = await dns.promises.lookup(host, { all: true, verbatim: true });
  return found.map(({ address }) => address);
};

/** A name with more addresses than this is not a database server. */
const MAX_ADDRESSES = 32;

export type Resolved =
  | { ok: true; addresses: string[]; literal: boolean }
  | { ok: false; reason: "not_found" | "no_answer" };

/** Resolves a host once. An address is its own answer, and asks nobody. */
export async function resolveHost(host: string, lookup: Lookup): Promise<Resolved> {
  const literal = classifyIp(host);
  if (literal) return { ok: true, addresses: [literal.literal], literal: true };
  try {
    const addresses = await lookup(host);
    if (addresses.length === 0 || addresses.length > MAX_ADDRESSES) return { ok: false, reason: "not_found" };
    return { ok: true, addresses: [...new Set(addresses)], literal: false };
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    return { ok: false, reason: code === "ENOTFOUND" || code === "ENODATA" ? "not_found" : "no_answer" };
  }
}
