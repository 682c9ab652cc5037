import "server-only";
import ipaddr from "ipaddr.js";
import type { Env } from "@/lib/platform/env";
import { type Finding, failure, ok, warning } from "./finding";

/** Whether whoever passes requests on to us is named, so that callers are told apart, and nobody else can pose as it. */
export function proxiesFinding({ TRUSTED_PROXIES, PUBLIC_URL, PORT }: Env): Finding {
  const entries = (TRUSTED_PROXIES ?? "").split(",").map((entry) => entry.trim());
  const named = entries.filter(Boolean);
  const bad = named.find((entry) => bitsOf(entry) === undefined);
  if (bad !== undefined)
    return failure("proxies", `TRUSTED_PROXIES: ${bad} is neither an address nor a CIDR range. Mend or remove it.`);
  const wide = named.find((entry) => (bitsOf(entry) ?? 0) === 0);
  if (wide !== undefined)
    return failure(
      "proxies",
      `TRUSTED_PROXIES: ${wide} is every address, so any caller can claim another's. Name the proxies alone.`,
    );
  // A port other than ours, or TLS, which we do not speak: somebody stands in front.
  const { protocol, port } = new URL(PUBLIC_URL);
  const isProxied = protocol === "https:" || (Number(port) || 80) !== PORT;
  if (isProxied && named.length === 0)
    return warning(
      "proxies",
      "PUBLIC_URL is a reverse proxy's, and TRUSTED_PROXIES names none: all callers count as one. Name it there.",
    );
  return ok("proxies", named.length === 0 ? "No reverse proxy is expected." : `${named.length} believed.`);
}

/** How many bits of an entry are fixed. */
function bitsOf(entry: string): number | undefined {
  if (ipaddr.isValidCIDR(entry)) return ipaddr.parseCIDR(entry)[1];
  return ipaddr.isValid(entry) && !entry.includes("/") ? 32 : undefined;
}
