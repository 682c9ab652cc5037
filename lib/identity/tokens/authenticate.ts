import "server-only";
import type { Actor } from "@/lib/authorization/actor";
import { nameBy, roleBy } from "@/lib/authorization/confirmation";
import { recordRefusal } from "@/lib/platform/audit";
import { clock } from "@/lib/platform/clock";
import { inOrganization, statement } from "@/lib/platform/db";
import { env } from "@/lib/platform/env";
import { unlessGuessing } from "@/lib/platform/fair-share/guesses";
import { log, traceOf } from "@/lib/platform/log";
import { isWithin } from "@/lib/platform/networks";
import { Refusal } from "@/lib/platform/refusal";
import type { TokenLimits } from "@/lib/vocabulary/access";
import type { Role, Scope } from "@/lib/vocabulary/permissions";
import { narrowingOf } from "./limits";
import { couldBeToken, digestOf } from "./token";

interface TokenRecord {
  org_id: string;
  org_active: boolean;
  token_id: string;
  token_name: string;
  token_active: boolean;
  scopes: Scope[];
  expires_at: Date | null;
  revoked_at: Date | null;
  superseded: boolean;
  weak: boolean;
  secret_expires_at: Date | null;
  secret_last_used_at: Date | null;
  user_id: string | null;
  user_name: string | null;
  user_email: string | null;
  user_role: string | null;
  user_status: string | null;
  service_account_id: string | null;
  service_account_name: string | null;
  service_account_status: string | null;
  token_set_up_by: string | null;
  token_confirmed_at: Date | null;
  user_set_up_by: string | null;
  user_confirmed_at: Date | null;
  limits: TokenLimits | null;
}

/**
 * Who sends this token. Token, owner and organisation must all be active now.
 * @throws Refusal "unauthenticated", the same for every reason; but whoever holds a token that is too easy to guess is
 * told so, and how to go on
 */
export async function authenticateToken(token: string, requestId: string, address: string): Promise<Actor> {
  const { actor, dead } = await resolveToken(token, requestId, address);
  if (dead === "token_weak") throw weakToken();
  if (!actor || dead) throw invalid();
  return actor;
}

/**
 * Who sends this token, and why it does not sign in, for doors that tell a switched-off token from an unknown one.
 * Neither for a token nobody has.
 */
export async function resolveToken(
  token: string,
  requestId: string,
  address: string,
): Promise<{ actor?: Actor; dead?: DeadReason }> {
  if (!couldBeToken(token)) return {};
  const digest = digestOf(token);
  const key = digest.toString("base64");
  const known = await unlessGuessing(address, good.has(key), () => lookUp(key, digest));
  if (!known) return {};
  const actor = asActor(known, requestId, address);
  const dead = whyDead(known, address);
  if (dead) {
    const target = { type: "api_token", id: known.token_id, name: known.token_name } as const;
    await recordRefusal(actor, { action: "token.used", target }, dead);
    if (dead === "token_superseded") forgetSuperseded(known.org_id, digest);
    return { actor, dead };
  }
  remember(key);
  touch(known, digest);
  return { actor };
}

/** Tokens that were good of late: they are looked up whatever others at their address send. */
const good = new Set<string>();

function remember(key: string): void {
  if (good.size >= ENTRIES_MAX && !good.has(key)) good.clear();
  good.add(key);
}

const invalid = () => new Refusal("unauthenticated", "Invalid authentication token");
export const weakToken = (): Refusal =>
  new Refusal(
    "unauthenticated",
    "This token is too easy to guess, so it does not sign in. Replace it by one of at least 32 random characters, or let Latchkey make one (API tokens, Rotate).",
  );

type DeadReason =
  | "token_revoked"
  | "token_superseded"
  | "token_inactive"
  | "token_expired"
  | "token_weak"
  | "token_network"
  | "organization_inactive"
  | "owner_inactive"
  | "owner_gone";

function whyDead(known: TokenRecord, address: string): DeadReason | undefined {
  if (known.revoked_at) return "token_revoked";
  if (known.secret_expires_at && known.secret_expires_at <= clock.now()) return "token_superseded";
  if (!known.token_active) return "token_inactive";
  if (known.expires_at && known.expires_at <= clock.now()) return "token_expired";
  if (!known.org_active) return "organization_inactive";
  // A pending person has no password yet; tokens made for them by an administrator work.
  const owner = known.service_account_id ? known.service_account_status : known.user_status;
  if (owner === null) return "owner_gone";
  if (owner !== "active" && owner !== "pending") return "owner_inactive";
  if (known.limits?.networks && !isWithin(address, known.limits.networks)) return "token_network";
  return known.weak && !env().LATCHKEY_ALLOW_WEAK_TOKENS ? "token_weak" : undefined;
}

function asActor(known: TokenRecord, requestId: string, address: string): Actor {
  const ends = [known.expires_at, known.secret_expires_at].flatMap((end) => end?.getTime() ?? []);
  const tokenEndsAt = ends.length > 0 ? { tokenEndsAt: new Date(Math.min(...ends)) } : {};
  const { org_id: orgId, token_id: tokenId, scopes } = known;
  const shared = { orgId, tokenId, scopes, ...narrowingOf(known.limits), ...tokenEndsAt, requestId, address };
  const token = { setUpBy: known.token_set_up_by, confirmedAt: known.token_confirmed_at };
  const user = { setUpBy: known.user_set_up_by, confirmedAt: known.user_confirmed_at };
  return known.service_account_id
    ? {
        ...shared,
        kind: "service_account",
        id: known.service_account_id,
        name: nameBy(known.service_account_name ?? "", token),
        role: roleBy("integration", token),
      }
    : {
        ...shared,
        kind: "user",
        id: known.user_id ?? "",
        name: nameBy(known.user_email ?? "", token, user),
        role: roleBy((known.user_role ?? "") as Role, token, user),
      };
}

/**
 * Answers of the last half second, and look-ups under way, are shared. A revoked token therefore dies within half a
 * second on every instance (one second is promised), and a busy caller costs two look-ups a second.
 */
const KEEP_MS = 500;
const ENTRIES_MAX = 5_000;
const recent = new Map<string, { at: number; known: Promise<TokenRecord | undefined> }>();

function lookUp(key: string, digest: Buffer): Promise<TokenRecord | undefined> {
  const now = performance.now();
  const found = recent.get(key);
  if (found && now - found.at < KEEP_MS) return found.known;
  const known = statement<TokenRecord>("caller_of", "SELECT * FROM caller_of($1)", [digest]).then((rows) => rows[0]);
  if (recent.size >= ENTRIES_MAX) recent.clear();
  recent.set(key, { at: now, known });
  // Unknown tokens and failures are asked for anew each time: a token made this instant must work.
  known.then(
    (answer) => answer ?? recent.delete(key),
    () => recent.delete(key),
  );
  return known;
}

/** Makes this process forget at once; the others forget within half a second. */
export const forgetCallers = (): void => recent.clear();

/** "Last used" is coarse: a minute. */
const TOUCH_MS = 60_000;
const touched = new Map<string, number>();

function touch({ org_id: orgId, token_id: id, superseded, secret_last_used_at }: TokenRecord, digest: Buffer): void {
  const now = clock.now();
  // The first use of an old secret counts at once, however short ago it was used as the current one.
  const key = `${digest.toString("base64")} ${superseded}`;
  const last = Math.max(secret_last_used_at?.getTime() ?? 0, touched.get(key) ?? 0);
  if (now.getTime() - last < TOUCH_MS) return;
  if (touched.size >= ENTRIES_MAX) touched.clear();
  touched.set(key, now.getTime());
  // Nobody waits for this, and losing it loses a minute of "last used".
  inOrganization(orgId, async (tx) => {
    await tx.apiToken.updateMany({ where: { orgId, id }, data: { lastUsedAt: now } });
    await tx.tokenSecret.updateMany({ where: { orgId, digest: new Uint8Array(digest) }, data: { lastUsedAt: now } });
  }).catch((error: unknown) => log.warn("last use of a token was not stored", traceOf(error)));
}

/** An old secret past its time was tried: that is on record now, and the next try meets an unknown token. */
function forgetSuperseded(orgId: string, digest: Buffer): void {
  inOrganization(orgId, (tx) =>
    tx.tokenSecret.deleteMany({ where: { orgId, digest: new Uint8Array(digest), kind: "superseded" } }),
  ).catch((error: unknown) => log.warn("an old secret of a token was not removed", traceOf(error)));
}
