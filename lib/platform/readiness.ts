import "server-only";
import { setTimeout as sleep } from "node:timers/promises";
import { settleRenewals } from "@/lib/credentials/connect/kept-renewals";
import { renewDue } from "@/lib/credentials/connect/renew-ahead";
import { settleRevocations } from "@/lib/credentials/connect/revoke";
import { settleRotations } from "@/lib/credentials/rotate/background";
import { missingKeys, unreadableRows } from "@/lib/credentials/rotation";
import { anchorHeads } from "@/lib/platform/audit/verify";
import { disconnect } from "@/lib/platform/db";
import { requireApplicationRole } from "@/lib/platform/db/application-role";
import { env, forgetAmbientDatabase } from "@/lib/platform/env";
import { loadKeys } from "@/lib/platform/keys";
import { ANNOUNCE_MS, announceKeys, withdrawKeys } from "@/lib/platform/keys/instances";
import { log, traceOf } from "@/lib/platform/log";
import { managedDatabase } from "@/lib/platform/net/managed-database";
import { outboundPolicy } from "@/lib/platform/net/operator-policy";
import { keepHouse } from "@/lib/platform/retention";
import { keyring } from "@/lib/platform/vault";

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

const ANCHOR_MS = 3_600_000;
/** An organisation that has grown by so many events is not left without an anchor for the rest of the hour. */
const GROWN_BY = 1_000n;
const GROWTH_MS = 60_000;
const RENEW_MS = 15_000;
const ROTATE_MS = 5_000;
const HOUSEKEEPING_MS = 3_600_000;
let timers: NodeJS.Timeout[] = [];

/** Short work of the database that is under way; a process that ends lets it end. */
const underWay = new Set<Promise<unknown>>();
const UNDER_WAY_MS = 5_000;

function begin(work: () => Promise<unknown>): void {
  const done = work().finally(() => underWay.delete(done));
  underWay.add(done);
}

/**
 * Work beside serving, for the one process that owns it: audit anchors, access about to end, rotations cut off, and
 * what is past its time.
 */
export function startBackground(): void {
  const anchor = (grownBy?: bigint) => anchorHeads(grownBy).catch(unstored);
  begin(anchor);
  begin(announce);
  begin(keepHouse);
  void settling();
  timers = [
    setInterval(() => begin(anchor), ANCHOR_MS),
    setInterval(() => begin(() => anchor(GROWN_BY)), GROWTH_MS),
    setInterval(() => begin(announce), ANNOUNCE_MS),
    setInterval(() => begin(keepHouse), HOUSEKEEPING_MS),
    setInterval(() => void renewDue(), RENEW_MS),
    setInterval(() => void settling(), ROTATE_MS),
  ];
}

async function announce(): Promise<void> {
  try {
    const keyId = await announceKeys();
    if (keyId)
      log.warn("a rotation has begun: new secrets are under this key. Put it in the place of the old one here", {
        keyId,
      });
  } catch (error) {
    log.warn("the keys held here could not be announced", traceOf(error));
  }
}

/** Whether this process holds every key that something is sealed under: a rotation elsewhere may have brought another. */
export async function holdsAllKeys(): Promise<boolean> {
  const missing = await missingKeys();
  for (const keyId of missing) log.warn("something is sealed under a key that this instance does not hold", { keyId });
  return missing.length === 0;
}

let settlingNow: Promise<unknown> | undefined;

/** One round at a time: a server that does not answer makes it long. */
function settling(): Promise<unknown> {
  settlingNow ??= Promise.all([settleRotations(), settleRevocations()]).finally(() => {
    settlingNow = undefined;
  });
  return settlingNow;
}

const unstored = (error: unknown) => log.error("audit heads could not be anchored", traceOf(error));

/** The end of a process: renewed access is stored that could not be before, a server anchors the chain's heads, connections are closed. */
export async function shutdown({ anchor } = { anchor: true }): Promise<void> {
  for (const timer of timers) clearInterval(timer);
  await Promise.race([Promise.all(underWay), sleep(UNDER_WAY_MS, undefined, { ref: false })]);
  await settleRenewals();
  if (timers.length > 0) await withdrawKeys().catch(() => undefined);
  if (anchor && checked) await anchorHeads().catch(unstored);
  await disconnect();
}
