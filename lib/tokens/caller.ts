import "server-only";
import type { Role, Scope } from "@/lib/access/permissions";
import type { Actor } from "@/lib/actor";
import { recordRefusal } from "@/lib/audit";
import { clock } from "@/lib/clock";
import { inOrganization, statement } from "@/lib/db";
import { log, traceOf } from "@/lib/log";
import { Refusal } from "@/lib/refusal";
import { couldBeToken, digestOf } from "./token";

interface Known {
  org_id: string;
  org_active: boolean;
  token_id: string;
  token_name: string;
  token_active: boolean;
  scopes: Scope[];
  expires_at: Date | null;
  revoked_at: Date | null;
  last_used_at: Date | null;
  user_id: string | null;
  user_name: string | null;
  user_email: string | null;
  user_role: string | null;
  user_status: string | null;
  service_account_id: string | null;
  service_account_name: string | null;
  service_account_status: string | null;
}

/**
 * Who sends this token. Token, owner and organisation must all be active now.
 * @throws Refusal "unauthenticated", the same for every reason
 */
export async function callerOf(token: string, requestId: string, address: string): Promise<Actor> {
  if (!couldBeToken(token)) throw invalid();
  const digest = digestOf(token);
  const known = await lookUp(digest.toString("base64"), digest);
  if (!known) throw invalid();
  const actor = asActor(known, requestId, address);
  const dead = whyDead(known);
  if (dead) {
    const target = { type: "api_token", id: known.token_id, name: known.token_name } as const;
    await recordRefusal(actor, { action: "token.used", target }, dead);
    throw invalid();
  }
  touch(known);
  return actor;
}

const invalid = () => new Refusal("unauthenticated", "Invalid authentication token");

function whyDead(known: Known): string | undefined {
  if (known.revoked_at) return "token_revoked";
  if (!known.token_active) return "token_inactive";
  if (known.expires_at && known.expires_at <= clock.now()) return "token_expired";
  if (!known.org_active) return "organization_inactive";
  // A pending person has no password yet; tokens made for them by an administrator work.
  const owner = known.service_account_id ? known.service_account_status : known.user_status;
  return owner === "active" || owner === "pending" ? undefined : "owner_inactive";
}

function asActor(known: Known, requestId: string, address: string): Actor {
  const shared = { orgId: known.org_id, tokenId: known.token_id, scopes: known.scopes, requestId, address };
  return known.service_account_id
    ? {
        ...shared,
        kind: "service_account",
        id: known.service_account_id,
        name: known.service_account_name ?? "",
        role: "integration",
      }
    : {
        ...shared,
        kind: "user",
        id: known.user_id ?? "",
        name: known.user_email ?? "",
        role: (known.user_role ?? "") as Role,
      };
}

/**
 * Answers of the last half second, and look-ups under way, are shared. A revoked token therefore dies within half a
 * second on every instance (one second is promised), and a busy caller costs two look-ups a second.
 */
const KEEP_MS = 500;
const ENTRIES_MAX = 5_000;
const recent = new Map<string, { at: number; known: Promise<Known | undefined> }>();

function lookUp(key: string, digest: Buffer): Promise<Known | undefined> {
  const now = performance.now();
  const found = recent.get(key);
  if (found && now - found.at < KEEP_MS) return found.known;
  const known = statement<Known>("caller_of_token", "SELECT * FROM caller_of_token($1)", [digest]).then(
    (rows) => rows[0],
  );
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

function touch(known: Known): void {
  const now = clock.now();
  const last = Math.max(known.last_used_at?.getTime() ?? 0, touched.get(known.token_id) ?? 0);
  if (now.getTime() - last < TOUCH_MS) return;
  if (touched.size >= ENTRIES_MAX) touched.clear();
  touched.set(known.token_id, now.getTime());
  // Nobody waits for this, and losing it loses a minute of "last used".
  inOrganization(known.org_id, (tx) =>
    tx.apiToken.updateMany({ where: { orgId: known.org_id, id: known.token_id }, data: { lastUsedAt: now } }),
  ).catch((error: unknown) => log.warn("last use of a token was not stored", traceOf(error)));
}
