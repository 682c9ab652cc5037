import "server-only";
import { settleRenewals } from "@/lib/credentials/connect/kept-renewals";
import { missingKeys, unreadableRows } from "@/lib/credentials/rotation";
import { tryToAnchor } from "@/lib/platform/audit/verify";
import { disconnect } from "@/lib/platform/db";
import { requireApplicationRole } from "@/lib/platform/db/application-role";
import { env, forgetAmbientDatabase } from "@/lib/platform/env";
import { loadKeys, opensRootSecret } from "@/lib/platform/keys";
import { log } from "@/lib/platform/log";
import { managedDatabase } from "@/lib/platform/net/managed-database";
import { outboundPolicy } from "@/lib/platform/net/operator-policy";
import { keyring, unwrapKeys } from "@/lib/platform/vault";

/**
 * What must be true before anything is served: good settings, a reachable database, and keys that open every row.
 * One check per process; a failure is not remembered, so a database that comes back heals it.
 */
let checked: Promise<void> | undefined;

export function ready(): Promise<void> {
  checked ??= check().catch((error: unknown) => {
    checked = undefined;
    throw error;
  });
  return checked;
}

async function check(): Promise<void> {
  env();
  managedDatabase();
  outboundPolicy();
  forgetAmbientDatabase();
  await unwrapKeys();
  keyring();
  await requireApplicationRole();
  await loadKeys();
  const unreadable = await unreadableRows();
  if (unreadable.length > 0) {
    const list = unreadable.map(({ keyId, count }) => `${count} under key ${keyId}`).join(", ");
    throw new Error(
      `Credentials are sealed under keys this process does not have: ${list}. Restore the key, or finish the rotation first.`,
    );
  }
}

/**
 * Whether this process holds every key that something is sealed under (a rotation elsewhere may have brought another), and opens
 * the root secret with what it holds.
 */
export async function holdsAllKeys(): Promise<boolean> {
  const missing = await missingKeys();
  for (const keyId of missing) log.warn("something is sealed under a key that this instance does not hold", { keyId });
  return missing.length === 0 && (await opensRootSecret());
}

/** The end of a process: renewed access is stored that could not be before, a server anchors the chain's heads, connections are closed. */
export async function shutdown({ anchor } = { anchor: true }): Promise<void> {
  await settleRenewals();
  if (anchor && checked) await tryToAnchor();
  await disconnect();
}
