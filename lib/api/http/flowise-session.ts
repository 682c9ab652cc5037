import "server-only";
import { EncryptJWT, jwtDecrypt } from "jose";
import type { Actor } from "@/lib/authorization/actor";
import { type LiveSession, liveSession, SESSION_MS, type StartedSession } from "@/lib/identity";
import { authenticateToken } from "@/lib/identity/tokens";
import { keyFor } from "@/lib/platform/keys";
import { Refusal } from "@/lib/platform/refusal";
import { addressOf } from "./address";
import { cookieOf, setCookie } from "./cookies";

/**
 * Who calls at the Flowise door: a program with its token, or Flowise's own pages with the session that their sign-in
 * made. That session's cookie is encrypted under a key of its own, so it opens this door and no other, and the
 * console's cookie does not open this one.
 */
const COOKIE = "latchkey-flowise";
const HEADER = { alg: "dir", enc: "A256GCM" } as const;
const INTERNAL = "internal";

/** @throws Refusal "unauthenticated", in the words that pages or programs expect */
export async function flowiseCaller(headers: Headers, requestId: string): Promise<Actor> {
  const address = addressOf(headers);
  // A page of another origin cannot send this header unasked, so a foreign page cannot borrow the cookie.
  if (headers.get("x-request-from") === INTERNAL) {
    const session = await flowiseSession(headers);
    if (!session) throw new Refusal("unauthenticated", "Invalid or missing token", { details: { session: true } });
    return { ...session.actor, requestId, address };
  }
  const token = tokenOf(headers);
  if (!token) throw new Refusal("unauthenticated", "Authentication required");
  return authenticateToken(token, requestId, address);
}

/** `Bearer` in just this case, or the bare key. */
function tokenOf(headers: Headers): string | undefined {
  const sent = headers.get("authorization")?.trim() || headers.get("x-api-key")?.trim();
  const token = sent?.replace(/^Bearer +/, "");
  return token && !/\s/.test(token) ? token : undefined;
}

/** The session of the cookie, if it is alive now. */
export async function flowiseSession(headers: Headers): Promise<(LiveSession & { name: SessionName }) | undefined> {
  const name = await named(cookieOf(headers, COOKIE));
  const session = name && (await liveSession(name.orgId, name.sid));
  return session ? { ...session, name } : undefined;
}

interface SessionName {
  orgId: string;
  sid: string;
}

async function named(cookie: string | undefined): Promise<SessionName | undefined> {
  if (!cookie) return undefined;
  try {
    const { payload } = await jwtDecrypt(cookie, keyFor("door-session"), {
      contentEncryptionAlgorithms: [HEADER.enc],
      keyManagementAlgorithms: [HEADER.alg],
    });
    const { orgId, sid } = payload;
    return typeof orgId === "string" && typeof sid === "string" ? { orgId, sid } : undefined;
  } catch {
    // Whatever is wrong with it, it names nobody.
    return undefined;
  }
}

/** The cookie of a session that has just begun, or goes on. */
export async function sessionCookie({
  orgId,
  sessionId,
}: Pick<StartedSession, "orgId" | "sessionId">): Promise<string> {
  const token = await new EncryptJWT({ orgId, sid: sessionId })
    .setProtectedHeader(HEADER)
    .setExpirationTime(Math.floor((Date.now() + SESSION_MS) / 1_000))
    .encrypt(keyFor("door-session"));
  return setCookie(COOKIE, token, { path: "/api/v1", seconds: SESSION_MS / 1_000, sameSite: "strict" });
}

export const endedCookie = (): string => setCookie(COOKIE, "", { path: "/api/v1", seconds: 0, sameSite: "strict" });

const BROWSER = "latchkey-sign-in";
const CALLBACK = "/api/v1/oauth2-credential";

/** Ties a sign-in at a provider to this browser. Lax: the way back is a link from another site. */
export const browserCookie = (key: string): string =>
  setCookie(BROWSER, key, { path: CALLBACK, seconds: 600, sameSite: "lax" });
export const browserKeyOf = (headers: Headers): string | undefined => cookieOf(headers, BROWSER);
