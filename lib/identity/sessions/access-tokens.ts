import "server-only";
import { v5 as uuidv5 } from "uuid";
import type { Actor } from "@/lib/authorization/actor";
import { inOrganization } from "@/lib/platform/db";
import { env } from "@/lib/platform/env";
import { Refusal } from "@/lib/platform/refusal";
import type { PasswordAttempt } from "../sign-in/sign-in";
import { type UserView, viewOf } from "../users/view";
import { encryptToken, isTokenOf, openToken, type PersonToken } from "./person-tokens";
import { authenticateByPassword, forJustProven } from "./security-tokens";
import { actorOf } from "./sessions";

/**
 * Access tokens: what the native API hands a person's program for address and password (OAuth's password grant), for an
 * hour and for that API alone. The operator decides whether there are any.
 */
export interface AccessToken extends PersonToken {
  user: UserView;
}

const KIND = { purpose: "access-token", seconds: 3_600, notGood: "Invalid authentication token" } as const;

/**
 * The constant that clients of this installation send along when they sign in. It names the installation and is no secret:
 * whoever asks is told, and nothing is opened by it.
 * @throws Refusal "not_found" where signing in with a password is switched off
 */
export function anonKey(): string {
  if (!env().SUPERAI_PASSWORD_GRANT) {
    throw new Refusal("not_found", "Signing in with a password is switched off here: use an API token");
  }
  return uuidv5(env().PUBLIC_URL, uuidv5.URL);
}

/**
 * An access token for address and password. Unknown address, wrong password, somebody shut out: one answer.
 * @throws Refusal "not_found" where it is switched off; "unauthenticated"; "too_many_requests"; "conflict" when the same
 * password fits in several organisations and none was named
 */
export async function signInForAccessToken(proof: PasswordAttempt, sentKey: string | null): Promise<AccessToken> {
  if (sentKey !== anonKey()) {
    throw new Refusal("unauthenticated", "Send the header apikey with the anon_key of GET /api/auth/anon-key");
  }
  const actor = await authenticateByPassword(proof).catch(inOneAnswer);
  return forJustProven(actor, "access_token", async (user) => {
    const made = await encryptToken(KIND, user);
    return { ...made, user: await inOrganization(user.orgId, (tx) => viewOf(tx, user)) };
  });
}

function inOneAnswer(error: unknown): never {
  if (!isUnauthenticated(error)) throw error;
  throw new Refusal("unauthenticated", "E-mail address or password is wrong");
}

/**
 * Who shows this access token; undefined for what is none of ours, or where they are switched off.
 * @throws Refusal "unauthenticated" for one that is not good any more, the same for every reason
 */
export async function authenticateAccessToken(
  token: string,
  from: { requestId: string; address: string },
): Promise<Actor | undefined> {
  if (!env().SUPERAI_PASSWORD_GRANT || !(await isTokenOf(KIND, token))) return undefined;
  const { id, user, issuedAt, expiresAt } = await openToken(KIND, token).catch((error: unknown) => {
    throw isUnauthenticated(error) ? new Refusal("unauthenticated", KIND.notGood) : error;
  });
  return { ...actorOf(user, from), tokenId: id, tokenEndsAt: expiresAt, passwordCheckedAt: issuedAt };
}

const isUnauthenticated = (error: unknown) => error instanceof Refusal && error.code === "unauthenticated";
