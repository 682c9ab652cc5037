import "server-only";
import { log, traceOf } from "@/lib/platform/log";
import type { Tokens } from "@/lib/platform/oauth";
import { Refusal } from "@/lib/platform/refusal";
import type { CredentialData } from "@/lib/providers/define";
import type { Row } from "../repository";
import { openData, sealData } from "../sealed-data";
import { tryAgain } from "./outlast";
import { unstored } from "./renew-refusals";
import { actorOf, type RenewedAccess, renewedData, storeRenewal } from "./store-renewal";

/**
 * New tokens that the database did not take: away just then, or its answer was lost. A provider that rotates has spent the
 * old refresh token by then, so losing the new ones would end the connection. They are kept in memory, sealed, and tried
 * again until they are stored, somebody else has stored others, or it has taken too long. Meanwhile the lease is not given
 * back, and whoever asks in this process finds out what became of them before the provider is asked again.
 */
interface UnstoredRenewal {
  row: Row;
  /** The new data, as it is to be stored. */
  sealed: Buffer;
  attempt?: Promise<RenewedAccess>;
}

const kept = new Map<string, UnstoredRenewal>();
const KEPT_MAX = 1_000;

const keyOf = ({ orgId, id }: { orgId: string; id: string }) => `${orgId}/${id}`;

/** @throws Refusal "unavailable" when they could not be stored, or it is not known whether they were: they are kept then */
export async function storeOrKeep(row: Row, before: CredentialData, tokens: Tokens): Promise<RenewedAccess> {
  const data = renewedData(row, before, tokens);
  try {
    return await storeRenewal(row, before, data);
  } catch (error) {
    if (isGone(error)) throw error;
    keep(row, data, error);
    throw unstored(error);
  }
}

/** Stores what is kept for a credential; undefined where nothing is. @throws Refusal "unavailable" while that fails */
export async function settledRenewal(orgId: string, id: string): Promise<RenewedAccess | undefined> {
  const one = kept.get(keyOf({ orgId, id }));
  return one && attempted(one);
}

/** One more attempt for all that is kept, before a process ends. Never throws. */
export async function settleRenewals(): Promise<void> {
  await Promise.allSettled([...kept.values()].map(attempted));
  if (kept.size > 0)
    log.error("renewed access was lost with this process: it could not be stored", { count: kept.size });
}

/** Deleted in the meantime: there is nothing to keep them for. */
const isGone = (error: unknown) => error instanceof Refusal && error.code === "not_found";

function keep(row: Row, data: CredentialData, error: unknown): void {
  const about = { requestId: actorOf(row).requestId, orgId: row.orgId, ...traceOf(error) };
  if (kept.size >= KEPT_MAX) {
    log.error("renewed access could not be stored, and is lost", about);
    return;
  }
  log.warn("renewed access could not be stored yet: it is kept, and tried again", about);
  const { sealed } = sealData(placeOf(row), data);
  const one: UnstoredRenewal = { row, sealed };
  kept.set(keyOf(row), one);
  // Nothing is left to do where it was stored for somebody who asked meanwhile.
  tryAgain(async () => isKept(one) && attempted(one)).catch(() => giveUp(one));
}

const isKept = (one: UnstoredRenewal) => kept.get(keyOf(one.row)) === one;

/** Where the new data belong. */
const placeOf = (row: Row) => ({ ...row, sealedVersion: row.sealedVersion + 1 });

function giveUp(one: UnstoredRenewal): void {
  if (!isKept(one)) return;
  kept.delete(keyOf(one.row));
  log.error("renewed access could not be stored for too long, and is lost", { orgId: one.row.orgId });
}

/** One attempt at a time, whoever asks for it. */
function attempted(one: UnstoredRenewal): Promise<RenewedAccess> {
  one.attempt ??= attempt(one).finally(() => {
    delete one.attempt;
  });
  return one.attempt;
}

async function attempt(one: UnstoredRenewal): Promise<RenewedAccess> {
  const { row, sealed } = one;
  try {
    const stored = await storeRenewal(row, openData(row, row.sealed), openData(placeOf(row), sealed));
    kept.delete(keyOf(row));
    log.info("renewed access that was kept is stored now", { orgId: row.orgId });
    return stored;
  } catch (error) {
    if (isGone(error)) kept.delete(keyOf(row));
    throw isGone(error) ? error : unstored(error);
  }
}
