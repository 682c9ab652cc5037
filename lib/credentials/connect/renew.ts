import "server-only";
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { clock } from "@/lib/platform/clock";
import { wholeOf } from "@/lib/platform/db";
import { log, traceOf } from "@/lib/platform/log";
import { applicationTokens, isGrantCode, OAuthFailure, refreshTokens, type Tokens } from "@/lib/platform/oauth";
import { notFound, Refusal } from "@/lib/platform/refusal";
import type { CredentialData, Method } from "@/lib/providers/define";
import { methodOfStored } from "@/lib/providers/index";
import { credentialsOf, type Row } from "../repository";
import { openData } from "../sealed-data";
import { applicationScope, clientFor } from "./clients";
import { settledRenewal, storeOrKeep } from "./kept-renewals";
import { failLease, takeLease } from "./lease";
import { busy, clientRefused, notRenewable, refuseFor, signInAgain } from "./renew-refusals";
import { actorOf, markBroken, type RenewedAccess } from "./store-renewal";

/** An access token with less than this left counts as ended: it has to last for the caller's own request. */
const MARGIN_MS = 60_000;
/** A caller waits no longer, for another instance's renewal or for its own. */
const PATIENCE_MS = 10_000;
const POLL_MS = 100;

/** Whether access must be renewed before these data are of use, or has ended and cannot be. */
export function isStale(method: Method | undefined, data: CredentialData): boolean {
  const endsAt = method?.tokenExpiresAt?.(data);
  const leftMs = endsAt === undefined ? Number.POSITIVE_INFINITY : endsAt.getTime() - clock.now().getTime();
  if (!method?.renewal?.(data)) return method?.authorization !== undefined && leftMs <= 0;
  return data.access_token === undefined || leftMs < MARGIN_MS;
}

/**
 * Whether `renewed` has to be asked before these data are handed out. Where a sign-in's access is not there at all, it knows
 * from the row whether there never was any, or whether it has ended.
 */
export const needsLook = (method: Method | undefined, data: CredentialData): boolean =>
  isStale(method, data) || (method?.authorization !== undefined && data.access_token === undefined);

/** When access ends that cannot be renewed; undefined for what can, and for what has no known end. */
export const dyingAt = (method: Method, data: CredentialData): Date | undefined =>
  method.authorization === undefined || method.renewal?.(data) ? undefined : method.tokenExpiresAt?.(data);

const underWay = new Map<string, Promise<RenewedAccess>>();

/**
 * Data that are good to use: renewed if they have to be, once for all who ask, in this process and in all others. The new
 * tokens are stored before anybody gets them.
 * @throws Refusal "reauthorization_required" when somebody must sign in again; "unavailable" while the provider does not
 * answer, within ten seconds; "external_failure" when it refuses this installation
 */
export function renewed(orgId: string, id: string): Promise<RenewedAccess> {
  const key = `${orgId}/${id}`;
  const found = underWay.get(key);
  if (found !== undefined) return found;
  const work = renewOnce(orgId, id).finally(() => underWay.delete(key));
  underWay.set(key, work);
  return work;
}

async function renewOnce(orgId: string, id: string): Promise<RenewedAccess> {
  const holder = randomUUID();
  const until = performance.now() + PATIENCE_MS;
  const kept = await settledRenewal(orgId, id);
  if (kept) return kept;
  for (;;) {
    const row = await credentialsOf(wholeOf(orgId)).find(id);
    if (!row) throw notFound();
    if (row.needsReauth) throw signInAgain();
    const data = openData(row, row.sealed);
    const method = methodOfStored(row.provider, row.type);
    if (!isStale(method, data)) return { row, data };
    if (!method?.renewal?.(data)) return over(row, data);
    const lease = await takeLease(row, holder);
    if (lease.taken) return renewHolding(row, data, holder);
    if (lease.retryAt && lease.retryAt > clock.now()) return stillGood(row, data) ?? refuseFor(lease.retryAt);
    if (performance.now() > until) throw busy();
    await sleep(POLL_MS);
  }
}

/** Access has ended, and nothing came along to renew it with. */
export async function over(row: Row, data: CredentialData): Promise<never> {
  await markBroken(row, data, "not_renewable");
  throw notRenewable();
}

/** For the holder of the lease. New tokens that are here already, and could not be stored before, come first. */
export async function renewHolding(row: Row, data: CredentialData, holder: string): Promise<RenewedAccess> {
  const kept = await settledRenewal(row.orgId, row.id);
  if (kept) return kept;
  let tokens: Tokens;
  try {
    tokens = await ask(row, data);
  } catch (error) {
    return afterFailure(row, data, holder, error);
  }
  const stored = await storeOrKeep(row, data, tokens);
  if (tokens.accessToken !== undefined) return stored;
  // The new refresh token is safe; nobody asks again at once for the access that did not come with it.
  await takeLease(stored.row, holder);
  return refuseFor(await failLease(stored.row, holder), new OAuthFailure("unreadable"));
}

function ask(row: Row, data: CredentialData): Promise<Tokens> {
  const method = methodOfStored(row.provider, row.type);
  const renewal = method?.renewal?.(data);
  if (!method?.authorization || !renewal) throw new Error("nothing to renew with");
  const client = clientFor(row.orgId, method.authorization, data);
  return renewal.by === "application"
    ? applicationTokens(client, renewal.scope ?? applicationScope(method.authorization))
    : refreshTokens(client, renewal.token);
}

async function afterFailure(row: Row, data: CredentialData, holder: string, error: unknown): Promise<RenewedAccess> {
  const failure = error instanceof OAuthFailure ? error : undefined;
  const requestId = actorOf(row).requestId;
  const isApplication = methodOfStored(row.provider, row.type)?.renewal?.(data)?.by === "application";
  // An application holds no grant of a person's: nobody could sign in again for it.
  if (!isApplication && isGrantCode(failure?.code)) {
    const now = await credentialsOf(wholeOf(row.orgId)).find(row.id);
    if (now && now.sealedVersion !== row.sealedVersion) return { row: now, data: openData(now, now.sealed) };
    if (now) await markBroken(now, data, failure.code);
    throw signInAgain(failure);
  }
  log.warn("access could not be renewed", { requestId, orgId: row.orgId, ...traceOf(error) });
  const retryAt = await failLease(row, holder);
  const good = stillGood(row, data);
  if (good) return good;
  if (error instanceof Refusal) throw error;
  if (failure?.reason === "rejected" || failure?.reason === "invalid_grant") throw clientRefused(row, data, failure);
  return refuseFor(retryAt, failure ?? new OAuthFailure("unreachable"));
}

/**
 * What can be handed out although nothing was renewed: a token in its last minute is still better than none, and an
 * application's own secret is of use without a token, which goes if it is dead.
 */
function stillGood(row: Row, data: CredentialData): RenewedAccess | undefined {
  const alive = row.tokenExpiresAt !== null && row.tokenExpiresAt > clock.now() && data.access_token !== undefined;
  if (alive) return { row, data };
  if (methodOfStored(row.provider, row.type)?.renewal?.(data)?.by !== "application") return undefined;
  const { access_token: _, token_type: __, expires_at: ___, ...rest } = data;
  return { row, data: rest };
}
