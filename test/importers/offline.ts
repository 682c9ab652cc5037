import type { Network } from "@/lib/providers/define-connection";

/** A network that leads nowhere, for sources that are files. */
export const offline: Network = {
  policy: { allow: [], selfEndpoints: [] },
  lookup: async () => [],
  connectTimeoutMs: 1_000,
  maxInboundBytes: 1_000,
  sshLegacyAlgorithms: false,
};
