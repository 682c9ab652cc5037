import "server-only";
import { EncryptJWT, errors, jwtDecrypt } from "jose";
import { v7 as uuidv7 } from "uuid";
import { z } from "zod";
import { authorize } from "@/lib/access/authorize";
import type { Actor } from "@/lib/actor";
import { permitted, recordAlone } from "@/lib/audit";
import { clock } from "@/lib/clock";
import { inOrganization, whileAuthenticating } from "@/lib/db";
import type { User } from "@/lib/generated/prisma/client";
import { keyFor } from "@/lib/keys";
import { notFound, Refusal } from "@/lib/refusal";
import { type OrganizationView, toView as organizationView } from "./organization-view";
import { actorOf } from "./sessions";
import { type Proof, prove } from "./sign-in";
import { type UserView, viewOf } from "./view";

/**
 * Security tokens: what a person's program gets for address and password and shows instead of them for a day. They hold
 * no right, only a name, encrypted and authenticated; the person is looked at on every request, so a new password, a
 * changed role or being shut out ends all of them at once.
 */
export interface SecurityToken {
  token: string;
  orgId: string;
  userId: string;
  issuedAt: Date;
  expiresAt: Date;
}

const LIVES_SECONDS = 24 * 3_600;
const HEADER = { alg: "dir", enc: "A256GCM" } as const;
const PURPOSE = "security-token";

/** Proves address and password for one request. @throws Refusal as `signIn` */
export async function callerByPassword(proof: Proof): Promise<Actor> {
  return { ...actorOf(await prove(proof), proof), passwordCheckedAt: clock.now() };
}

/**
 * A security token for a person who has just proved their password. Whoever came with a token of any kind gets none:
 * it would outlive that token and could do more.
 * @throws Refusal "conflict" for them
 */
export function issueSecurityToken(actor: Actor): Promise<SecurityToken> {
  return permitted(actor, "organization:read", { action: "user.signed_in" }, async () => {
    if (actor.kind !== "user" || actor.tokenId || !actor.passwordCheckedAt) {
      throw new Refusal("conflict", "A security token is made for an e-mail address and a password only");
    }
    const { orgId, id: userId } = actor;
    const where = { orgId_id: { orgId, id: userId } };
    const user = await inOrganization(orgId, (tx) => tx.user.findUnique({ where }));
    if (!user) throw notFound();
    const target = { type: "user", id: userId, name: user.email } as const;
    await recordAlone(actor, { action: "user.signed_in", target, reason: "security_token" });
    return encrypted(user);
  });
}

async function encrypted({ orgId, id: userId, stamp }: User): Promise<SecurityToken> {
  const issuedAt = new Date(Math.floor(clock.now().getTime() / 1000) * 1000);
  const expiresAt = new Date(issuedAt.getTime() + LIVES_SECONDS * 1000);
  const token = await new EncryptJWT({ org: orgId, stamp })
    .setProtectedHeader(HEADER)
    .setSubject(userId)
    .setJti(uuidv7())
    .setIssuedAt(issuedAt)
    .setExpirationTime(expiresAt)
    .encrypt(keyFor(PURPOSE));
  return { token, orgId, userId, issuedAt, expiresAt };
}

/** Who shows this security token, if it is good now. @throws Refusal "unauthenticated", with details for somebody shut out */
export async function callerOfSecurityToken(
  token: string,
  from: { requestId: string; address: string },
): Promise<Actor> {
  const { id, user, issuedAt, expiresAt } = await opened(token);
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
  return permitted(actor, "organization:read", { action: "user.read" }, async () => {
    const { user, organization, issuedAt, expiresAt } = await opened(token);
    if (user.orgId !== actor.orgId) authorize(actor, "platform:manage");
    const view = await inOrganization(user.orgId, (tx) => viewOf(tx, user));
    const organizationOf = organizationView(organization);
    return { orgId: user.orgId, userId: user.id, issuedAt, expiresAt, user: view, organization: organizationOf };
  });
}

const claims = z.object({
  sub: z.uuid(),
  org: z.uuid(),
  stamp: z.number().int(),
  jti: z.uuid(),
  iat: z.number(),
  exp: z.number(),
});

async function opened(token: string) {
  const { sub, org, stamp, jti, iat, exp } = await claimsOf(token);
  const { user, organization } = await whileAuthenticating(async (tx) => ({
    user: await tx.user.findUnique({ where: { orgId_id: { orgId: org, id: sub } } }),
    organization: await tx.organization.findUnique({ where: { id: org } }),
  }));
  if (!user || !organization || organization.deletedAt) throw notGood();
  if (user.status !== "active" || !organization.active) throw notGood({ inactive: true });
  if (user.stamp !== stamp) throw notGood();
  return { id: jti, user, organization, issuedAt: new Date(iat * 1000), expiresAt: new Date(exp * 1000) };
}

async function claimsOf(token: string) {
  const limits = {
    currentDate: clock.now(),
    keyManagementAlgorithms: ["dir"],
    contentEncryptionAlgorithms: ["A256GCM"],
  };
  try {
    const { payload } = await jwtDecrypt(token, keyFor(PURPOSE), limits);
    return claims.parse(payload);
  } catch (error) {
    if (error instanceof errors.JOSEError || error instanceof z.ZodError || error instanceof TypeError) throw notGood();
    throw error;
  }
}

const notGood = (details?: { inactive: true }) =>
  new Refusal("unauthenticated", "This security token is not good, or not any more", details ? { details } : {});
