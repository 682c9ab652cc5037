import "server-only";
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { type Actor, systemActor } from "@/lib/actor";
import { commit, permitted } from "@/lib/audit";
import { clock } from "@/lib/clock";
import { statement } from "@/lib/db";
import { log, traceOf } from "@/lib/log";
import { applicationScope, applicationTokens, OAuthFailure, refreshTokens, type Tokens } from "@/lib/oauth";
import type { CredentialData, Method } from "@/lib/providers/define";
import { methodOfStored } from "@/lib/providers/index";
import { notFound, Refusal } from "@/lib/refusal";
import { clearColumns, searchText, secretInfo } from "../describe";
import { getCredential } from "../read";
import { asChange, credentialsOf, type Row, type SecretRow, type Update } from "../repository";
import { openData, sealData, sealedHash } from "../sealed-data";
import { changeable } from "../update";
import type { CredentialView } from "../view";
import { clientFor, hasOwnClient } from "./clients";

/** An access token with less than this left counts as ended: it has to last for the caller's own request. */
const MARGIN_MS = 60_000;
/** A caller waits no longer, for another instance's renewal or for its own. */
const PATIENCE_MS = 10_000;
const POLL_MS = 100;
/** Longer than a provider may take to answer, so that nobody else asks meanwhile. */
const LEASE_S = 30;
/** After a failure: two seconds, doubling to five minutes. */
const FIRST_WAIT_S = 2;
const LONGEST_WAIT_S = 300;

/** Whether access must be renewed before these data are of use. */
export function isStale(method: Method | undefined, data: CredentialData): boolean {
  if (!method?.renewal?.(data)) return false;
  const endsAt = method.tokenExpiresAt?.(data);
  return (
    data.access_token === undefined || (endsAt !== undefined && endsAt.getTime() - clock.now().getTime() < MARGIN_MS)
  );
}

export interface Renewed {
  row: SecretRow;
  data: CredentialData;
}

const underWay = new Map<string, Promise<Renewed>>();

/**
 * Data that are good to use: renewed if they have to be, once for all who ask, in this process and in all others. The new
 * tokens are stored before anybody gets them.
 * @throws Refusal "reauthorization_required" when somebody must sign in again; "unavailable" while the provider does not
 * answer, within ten seconds; "external_failure" when it refuses this installation
 */
export function renewed(orgId: string, id: string): Promise<Renewed> {
  const key = `${orgId}/${id}`;
  const found = underWay.get(key);
  if (found !== undefined) return found;
  const work = renewOnce(orgId, id).finally(() => underWay.delete(key));
  underWay.set(key, work);
  return work;
}

async function renewOnce(orgId: string, id: string): Promise<Renewed> {
  const holder = randomUUID();
  const until = performance.now() + PATIENCE_MS;
  for (;;) {
    const row = await credentialsOf(orgId).find(id);
    if (!row) throw notFound();
    if (row.needsReauth) throw signInAgain();
    const data = openData(row, row.sealed);
    if (!isStale(methodOfStored(row.provider, row.type), data)) return { row, data };
    const lease = await takeLease(row, holder);
    if (lease.taken) return renewHolding(row, data, holder);
    if (lease.retryAt && lease.retryAt > clock.now()) return stillGood(row, data) ?? refuseFor(lease.retryAt);
    if (performance.now() > until) throw busy();
    await sleep(POLL_MS);
  }
}

async function takeLease(row: Row, holder: string): Promise<{ taken: boolean; retryAt: Date | null }> {
  const [answer] = await statement<{ taken: boolean; retry_at: Date | null }>(
    "take_refresh_lease",
    "SELECT * FROM take_refresh_lease($1, $2, $3, $4, $5)",
    [row.orgId, row.id, row.sealedVersion, holder, LEASE_S],
  );
  return { taken: answer?.taken ?? false, retryAt: answer?.retry_at ?? null };
}

async function renewHolding(row: Row, data: CredentialData, holder: string): Promise<Renewed> {
  let tokens: Tokens;
  try {
    tokens = await ask(row, data);
  } catch (error) {
    return afterFailure(row, data, holder, error);
  }
  return store(row, data, tokens);
}

function ask(row: Row, data: CredentialData): Promise<Tokens> {
  const method = methodOfStored(row.provider, row.type);
  const renewal = method?.renewal?.(data);
  if (!method?.authorization || !renewal) throw new Error("nothing to renew with");
  const client = clientFor(method.authorization, data);
  return renewal.by === "application"
    ? applicationTokens(client, applicationScope())
    : refreshTokens(client, renewal.token);
}

/** How often the storing is made anew because a name or a tag was changed meanwhile. */
const ATTEMPTS = 8;

async function store(first: Row, before: CredentialData, tokens: Tokens): Promise<Renewed> {
  let row = first;
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const method = methodOfStored(row.provider, row.type);
    if (!method?.authorization) throw new Error("nothing to renew with");
    const asked = String(before.requested_scope ?? before.scope ?? "");
    const data = method.authorization.dataOf(tokens, asked, before);
    const update = updateOf(row, method, before, data);
    const entry = {
      action: "credential.refreshed",
      target: { type: "credential", id: row.id, name: row.name },
      version: row.version,
      keyId: update.keyId,
      sealedHash: sealedHash(update.sealed),
    } as const;
    if (await commit({ actor: actorOf(row), entry: { ...entry, ...narrowed(before, data) }, change: asChange(update) }))
      return { row: { ...row, sealed: update.sealed, sealedVersion: update.sealedVersion }, data };
    const now = await credentialsOf(row.orgId).find(row.id);
    if (!now) throw notFound();
    // Somebody put other tokens there: those count, whatever came for the old ones.
    if (now.sealedVersion !== first.sealedVersion) return { row: now, data: openData(now, now.sealed) };
    row = now;
  }
  throw busy();
}

/** A provider may grant less than before; that is on record. */
const narrowed = (before: CredentialData, data: CredentialData) =>
  before.scope === data.scope ? {} : { fields: ["credentials.scope"] };

function updateOf(row: Row, method: Method, before: CredentialData, data: CredentialData): Update {
  const sealedVersion = row.sealedVersion + 1;
  const clear = clearColumns(method, data);
  const by = actorOf(row).name;
  return {
    ...row,
    ...clear,
    expected: row.version,
    expectedSealed: row.sealedVersion,
    sameVersion: true,
    search: searchText({ ...row, ...clear }),
    secretInfo: secretInfo(method, { data: before, info: row.secretInfo }, data, by),
    ...sealData({ ...row, sealedVersion }, data),
    sealedVersion,
    needsReauth: false,
    // What was tested is the account and its permissions, which are the same.
    healthVersion: row.healthVersion === row.sealedVersion ? sealedVersion : row.healthVersion,
    updatedAt: clock.now(),
    modifiedBy: by,
  };
}

async function afterFailure(row: Row, data: CredentialData, holder: string, error: unknown): Promise<Renewed> {
  const failure = error instanceof OAuthFailure ? error : undefined;
  const requestId = actorOf(row).requestId;
  if (failure?.reason === "invalid_grant") {
    const now = await credentialsOf(row.orgId).find(row.id);
    if (now && now.sealedVersion !== row.sealedVersion) return { row: now, data: openData(now, now.sealed) };
    if (now) await markBroken(now, data);
    throw signInAgain();
  }
  log.warn("access could not be renewed", { requestId, orgId: row.orgId, ...traceOf(error) });
  const retryAt = await failLease(row, holder);
  const good = stillGood(row, data);
  if (good) return good;
  if (error instanceof Refusal) throw error;
  if (failure?.reason === "rejected") throw new Refusal("external_failure", clientRefused(row, data));
  return refuseFor(retryAt);
}

/** Whose client it is says who can mend it. */
function clientRefused(row: Row, data: CredentialData): string {
  const authorization = methodOfStored(row.provider, row.type)?.authorization;
  return authorization && !hasOwnClient(authorization, data)
    ? "The provider refuses this installation's client. Ask whoever runs Latchkey."
    : "The provider refuses the client of this credential: check its client ID and secret.";
}

/**
 * What can be handed out although nothing was renewed: a token in its last minute is still better than none, and an
 * application's own secret is of use without a token, which goes if it is dead.
 */
function stillGood(row: Row, data: CredentialData): Renewed | undefined {
  const alive = row.tokenExpiresAt !== null && row.tokenExpiresAt > clock.now() && data.access_token !== undefined;
  if (alive) return { row, data };
  if (methodOfStored(row.provider, row.type)?.renewal?.(data)?.by !== "application") return undefined;
  const { access_token: _, token_type: __, expires_at: ___, ...rest } = data;
  return { row, data: rest };
}

async function failLease(row: Row, holder: string): Promise<Date> {
  const [answer] = await statement<{ retry: Date | null }>(
    "fail_refresh",
    "SELECT fail_refresh($1, $2, $3, $4, $5) AS retry",
    [row.orgId, row.id, holder, FIRST_WAIT_S, LONGEST_WAIT_S],
  );
  return answer?.retry ?? new Date(clock.now().getTime() + FIRST_WAIT_S * 1_000);
}

/**
 * Nobody asks the provider again until somebody has signed in anew. What access was left goes with it: a provider that has
 * ended the connection has ended that too, and a workflow that got it would fail somewhere else, without a word of why.
 */
async function markBroken(row: Row, before: CredentialData): Promise<void> {
  const method = methodOfStored(row.provider, row.type);
  if (!method) return;
  const { access_token: _, expires_at: __, ...rest } = before;
  const update: Update = {
    ...updateOf(row, method, before, rest),
    healthVersion: row.healthVersion,
    refreshAt: null,
    needsReauth: true,
    sameVersion: false,
  };
  await commit({
    actor: actorOf(row),
    entry: {
      action: "credential.refreshed",
      outcome: "failed",
      reason: "needs_reauth",
      target: { type: "credential", id: row.id, name: row.name },
      version: row.version + 1,
      keyId: update.keyId,
      sealedHash: sealedHash(update.sealed),
    },
    change: asChange(update),
  });
}

const actorOf = (row: { orgId: string; id: string }) =>
  systemActor(row.orgId, "token renewal", `renewal-${row.id.slice(-12)}`);

const signInAgain = () =>
  new Refusal("reauthorization_required", "The provider no longer accepts this connection: somebody must reconnect it");

const busy = () =>
  new Refusal("unavailable", "Access is being renewed and the provider takes long. Try again in a moment.", {
    retryAfterSeconds: 2,
  });

function refuseFor(retryAt: Date): never {
  const seconds = Math.max(1, Math.ceil((retryAt.getTime() - clock.now().getTime()) / 1_000));
  throw new Refusal("unavailable", "The provider that renews this access does not answer. Try again later.", {
    retryAfterSeconds: seconds,
  });
}

/**
 * Renews access now, however long it would last; for somebody who may change the credential.
 * @throws Refusal as `renewed`; "invalid" where there is nothing to renew with
 */
export function renewCredential(actor: Actor, id: string): Promise<CredentialView> {
  const target = { type: "credential", id } as const;
  return permitted(actor, "credential:update", { action: "credential.refreshed", target }, async () => {
    const row = await changeable(actor, id, undefined);
    const data = openData(row, row.sealed);
    if (!methodOfStored(row.provider, row.type)?.renewal?.(data))
      throw new Refusal("invalid", "There is nothing to renew this credential's access with: sign in first");
    const holder = randomUUID();
    const lease = await takeLease(row, holder);
    if (lease.taken) await renewHolding(row, data, holder);
    else await renewed(row.orgId, row.id);
    return getCredential(actor, id);
  });
}

/** Renewals that one round of the background starts. */
const ROUND = 20;

/** Renews what is due, over all organisations; many instances share the work through the leases. Never throws. */
export async function renewDue(): Promise<void> {
  try {
    const due = await statement<{ org_id: string; id: string }>("refreshes_due", "SELECT * FROM refreshes_due($1)", [
      ROUND,
    ]);
    // Failures are on record where they happen.
    await Promise.allSettled(due.map(({ org_id, id }) => renewAhead(org_id, id)));
  } catch (error) {
    log.warn("what is due for renewal could not be read", traceOf(error));
  }
}

/** Like `renewed`, for a token that is good for some minutes yet. */
async function renewAhead(orgId: string, id: string): Promise<void> {
  const row = await credentialsOf(orgId).find(id);
  if (!row || row.needsReauth) return;
  const holder = randomUUID();
  const lease = await takeLease(row, holder);
  if (lease.taken) await renewHolding(row, openData(row, row.sealed), holder);
}
