import { readAllowList } from "@/lib/platform/net/policy";
import { systemLookup } from "@/lib/platform/net/resolve";
import type { Network } from "@/lib/providers/define-connection";

/** A network that leads to this machine alone, for sources that are databases. */
export const loopback: Network = {
  policy: { allow: readAllowList("127.0.0.0/8:1-65535,[::1]/128:1-65535"), selfEndpoints: [] },
  lookup: systemLookup,
  connectTimeoutMs: 5_000,
  maxInboundBytes: 10_000_000,
  sshLegacyAlgorithms: false,
};
