import "server-only";
import { compactDecrypt, EncryptJWT, errors, jwtDecrypt } from "jose";
import { v7 as uuidv7 } from "uuid";
import { z } from "zod";
import type { Organization, User } from "@/lib/generated/prisma/client";
import { clock } from "@/lib/platform/clock";
import { whileAuthenticating } from "@/lib/platform/db";
import { keyFor, type Purpose } from "@/lib/platform/keys";
import { Refusal } from "@/lib/platform/refusal";

/**
 * Tokens that stand for a person who has proved their password. They hold no right, only a name, encrypted and
 * authenticated; the person is looked at on every request, so a new password, a changed role or being shut out ends all of
 * them at once. Each kind has a key of its own, so that a token opens the door it was made at and no other.
 */
export interface PersonTokenKind {
  purpose: Extract<Purpose, "security-token" | "access-token">;
  seconds: number;
  /** What is said of one that is not good, or not any more. */
  notGood: string;
}

export interface PersonToken {
  token: string;
  orgId: string;
  userId: string;
  issuedAt: Date;
  expiresAt: Date;
}

const HEADER = { alg: "dir", enc: "A256GCM" } as const;
const ALGORITHMS = { keyManagementAlgorithms: ["dir"], contentEncryptionAlgorithms: ["A256GCM"] };

export async function encryptToken(
  kind: PersonTokenKind,
  { orgId, id: userId, securityStamp }: User,
): Promise<PersonToken> {
  const issuedAt = new Date(Math.floor(clock.now().getTime() / 1000) * 1000);
  const expiresAt = new Date(issuedAt.getTime() + kind.seconds * 1000);
  const token = await new EncryptJWT({ org: orgId, stamp: securityStamp })
    .setProtectedHeader(HEADER)
    .setSubject(userId)
    .setJti(uuidv7())
    .setIssuedAt(issuedAt)
    .setExpirationTime(expiresAt)
    .encrypt(keyFor(kind.purpose));
  return { token, orgId, userId, issuedAt, expiresAt };
}

/** Whether this was made here as a token of this kind, good or not any more. Whatever else somebody calls a token is not. */
export async function isTokenOf(kind: PersonTokenKind, token: string): Promise<boolean> {
  if (!SHAPE.test(token)) return false;
  return compactDecrypt(token, keyFor(kind.purpose), ALGORITHMS).then(
    () => true,
    () => false,
  );
}

/** Five parts (RFC 7516, section 3.1), of a key that is not wrapped. */
const SHAPE = /^eyJ[\w-]{1,200}\.\.[\w-]{1,100}\.[\w-]{1,1000}\.[\w-]{1,100}$/;

const claims = z.object({
  sub: z.uuid(),
  org: z.uuid(),
  stamp: z.number().int(),
  jti: z.uuid(),
  iat: z.number(),
  exp: z.number(),
});

interface OpenedToken {
  id: string;
  user: User;
  organization: Organization;
  issuedAt: Date;
  expiresAt: Date;
}

/** Whom the token stands for, if it is good now. @throws Refusal "unauthenticated", with details for somebody shut out */
export async function openToken(kind: PersonTokenKind, token: string): Promise<OpenedToken> {
  const { sub, org, stamp, jti, iat, exp } = await claimsOf(kind, token);
  const { user, organization } = await whileAuthenticating(async (tx) => ({
    user: await tx.user.findUnique({ where: { orgId_id: { orgId: org, id: sub } } }),
    organization: await tx.organization.findUnique({ where: { id: org } }),
  }));
  if (!user || !organization || organization.deletedAt) throw notGood(kind);
  if (user.status !== "active" || !organization.active) throw notGood(kind, { inactive: true });
  if (user.securityStamp !== stamp) throw notGood(kind);
  return { id: jti, user, organization, issuedAt: new Date(iat * 1000), expiresAt: new Date(exp * 1000) };
}

async function claimsOf(kind: PersonTokenKind, token: string) {
  const limits = { currentDate: clock.now(), ...ALGORITHMS };
  try {
    const { payload } = await jwtDecrypt(token, keyFor(kind.purpose), limits);
    return claims.parse(payload);
  } catch (error) {
    if (error instanceof errors.JOSEError || error instanceof z.ZodError || error instanceof TypeError)
      throw notGood(kind);
    throw error;
  }
}

const notGood = (kind: PersonTokenKind, details?: { inactive: true }) =>
  new Refusal("unauthenticated", kind.notGood, details ? { details } : {});
