import "server-only";
import type { Actor } from "@/lib/authorization/actor";
import { assertCan } from "@/lib/authorization/authorize";
import type { User } from "@/lib/generated/prisma/client";
import { type OrganizationView, toView as organizationView } from "@/lib/organizations/view";
import { recordAlone, withAuthorization } from "@/lib/platform/audit";
import { clock } from "@/lib/platform/clock";
import { inOrganization } from "@/lib/platform/db";
import { notFound, Refusal } from "@/lib/platform/refusal";
import { authenticate, type PasswordAttempt } from "../sign-in/sign-in";
import { targetOf, type UserView, viewOf } from "../users/view";
import { encryptToken, openToken, type PersonToken } from "./person-tokens";
import { actorOf } from "./sessions";

/** Security tokens: what a person's program gets for address and password and shows instead of them for a day. */
export type SecurityToken = PersonToken;

const KIND = {
  purpose: "security-token",
  seconds: 24 * 3_600,
  notGood: "This security token is not good, or not any more",
} as const;

/** Proves address and password for one request. @throws Refusal as `signIn` */
export async function authenticateByPassword(proof: PasswordAttempt): Promise<Actor> {
  return { ...actorOf(await authenticate(proof), proof), passwordCheckedAt: clock.now() };
}

/**
 * A security token for a person who has just proved their password. Whoever came with a token of any kind gets none:
 * it would outlive that token and could do more.
 * @throws Refusal "conflict" for them
 */
export const issueSecurityToken = (actor: Actor): Promise<SecurityToken> =>
  forJustProven(actor, "security_token", (user) => encryptToken(KIND, user));

/** Does for whoever has just proved their password what signs them in, and puts it on record. @throws Refusal "conflict" */
export function forJustProven<T>(actor: Actor, reason: string, work: (user: User) => Promise<T>): Promise<T> {
  return withAuthorization(actor, "organization:read", { action: "user.signed_in" }, async () => {
    if (actor.kind !== "user" || actor.tokenId || !actor.passwordCheckedAt) {
      throw new Refusal("conflict", "A security token is made for an e-mail address and a password only");
    }
    const { orgId, id } = actor;
    const user = await inOrganization(orgId, (tx) => tx.user.findUnique({ where: { orgId_id: { orgId, id } } }));
    if (!user) throw notFound();
    await recordAlone(actor, { action: "user.signed_in", target: targetOf(user), reason });
    return work(user);
  });
}

/** Who shows this security token, if it is good now. @throws Refusal "unauthenticated", with details for somebody shut out */
export async function authenticateSecurityToken(
  token: string,
  from: { requestId: string; address: string },
): Promise<Actor> {
  const { id, user, issuedAt, expiresAt } = await openToken(KIND, token);
  return { ...actorOf(user, from), tokenId: id, tokenEndsAt: expiresAt, passwordCheckedAt: issuedAt };
}

export interface SecurityTokenDetails extends Omit<SecurityToken, "token"> {
  user: UserView;
  organization: OrganizationView;
}

/**
 * What a security token says. Asked by its own organisation's people, or by the platform.
 * @throws Refusal "unauthenticated" for a token that is not good (any more); "forbidden"
 */
export function securityTokenDetails(actor: Actor, token: string): Promise<SecurityTokenDetails> {
  return withAuthorization(actor, "organization:read", { action: "user.read" }, async () => {
    const { user, organization, issuedAt, expiresAt } = await openToken(KIND, token);
    if (user.orgId !== actor.orgId) assertCan(actor, "platform:manage");
    const view = await inOrganization(user.orgId, (tx) => viewOf(tx, user));
    const organizationOf = organizationView(organization);
    return { orgId: user.orgId, userId: user.id, issuedAt, expiresAt, user: view, organization: organizationOf };
  });
}
