import "server-only";
import { anchorHeads } from "@/lib/audit/verify";
import { unreadableRows } from "@/lib/credentials/rotation";
import { disconnect } from "@/lib/db";
import { env, forgetAmbientDatabase } from "@/lib/env";
import { loadKeys } from "@/lib/keys";
import { log, traceOf } from "@/lib/log";
import { keyring, reloadKeys } from "@/lib/vault";

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
  forgetAmbientDatabase();
  keyring();
  await loadKeys();
  const unreadable = await unreadableRows();
  if (unreadable.length > 0) {
    const list = unreadable.map(({ keyId, count }) => `${count} under key ${keyId}`).join(", ");
    throw new Error(`Credentials are sealed under keys this process does not have: ${list}. Restore the key, or finish the rotation first.`);
  }
}

const ANCHOR_MS = 3_600_000;
/** How soon a rotation by command is noticed by a process that has not met a new envelope yet. */
const KEY_FILES_MS = 5_000;
const timers: NodeJS.Timeout[] = [];

/** Work beside serving, for the process that owns it: hourly audit anchors, and an eye on the key files. */
export function startBackground(): void {
  timers.push(setInterval(() => void anchorHeads().catch(unstored), ANCHOR_MS), setInterval(watchKeys, KEY_FILES_MS));
}

const unstored = (error: unknown) => log.error("audit heads could not be anchored", traceOf(error));

export function watchKeys(): void {
  try {
    if (reloadKeys()) log.info("key files were exchanged", { keyId: keyring().current.id });
  } catch (error) {
    log.error("the key files cannot be read", traceOf(error));
  }
}

/** The end of a process: the chain's heads are anchored and connections closed. */
export async function shutdown(): Promise<void> {
  for (const timer of timers) clearInterval(timer);
  if (checked) await anchorHeads().catch(unstored);
  await disconnect();
}
