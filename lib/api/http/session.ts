import "server-only";
import NextAuth, { type NextAuthOptions } from "next-auth";
import CredentialsProvider from "next-auth/providers/credentials";
import { endSession, liveSession, SESSION_MS, type StartedSession, signIn } from "@/lib/identity";
import { log } from "@/lib/platform/log";
import { ready } from "@/lib/platform/readiness";
import { Refusal, type RefusalCode } from "@/lib/platform/refusal";
import { requireStorable } from "@/lib/platform/storable";
import { addressOf } from "./address";
import { deviceCookie, devicesOf } from "./device-cookie";
import { refused } from "./json-endpoints";
import { publicErrorOf } from "./public-error-of";
import { requestIdOf } from "./request-id";
import { cookieName, nameOf, secret, secure } from "./session-cookie";

/**
 * Browser sessions through next-auth: a signed and encrypted cookie that holds no more than the name of a session
 * row, which is looked at on every request. So signing out, a new password or a changed role acts at once, and a copied
 * cookie is worth nothing afterwards.
 */
function options(failed: Failed, onSignedIn: OnSignedIn): NextAuthOptions {
  return {
    secret: secret(),
    session: { strategy: "jwt", maxAge: SESSION_MS / 1000 },
    pages: { signIn: "/sign-in", signOut: "/sign-in", error: "/sign-in" },
    cookies: {
      sessionToken: { name: cookieName(), options: { httpOnly: true, sameSite: "lax", path: "/", secure: secure() } },
    },
    providers: [password(failed, onSignedIn)],
    callbacks: {
      async jwt({ token, user }) {
        if (user) {
          const { orgId, sessionId, userId, email, name } = user as unknown as StartedSession;
          return { sub: userId, orgId, sid: sessionId, email, name };
        }
        const named = nameOf(token);
        const alive = named && (await liveSession(named.orgId, named.sid).catch(failed));
        if (!alive) throw new Error("the session is over");
        return token;
      },
    },
    events: {
      async signOut({ token }) {
        const named = nameOf(token);
        if (named) await endSession(named.orgId, named.sid, requestIdOf(new Headers()), "unknown").catch(failed);
      },
    },
    logger: {
      // A session that is over reads as an error to next-auth; it is everyday life here.
      error: (code) => code === "JWT_SESSION_ERROR" || log.error("next-auth", { code }),
      warn: (code) => log.debug("next-auth", { code }),
      debug: () => {},
    },
  };
}

const password = (failed: Failed, onSignedIn: OnSignedIn) =>
  CredentialsProvider({
    credentials: { email: {}, password: {}, organization: {} },
    async authorize(given, request) {
      const headers = new Headers(request.headers as Record<string, string> | undefined);
      try {
        requireStorable({ email: given?.email, password: given?.password, organization: given?.organization });
        const { devices, ...signedIn } = await signIn({
          email: String(given?.email ?? "").slice(0, 320),
          password: String(given?.password ?? ""),
          organization: given?.organization?.slice(0, 200) || undefined,
          address: addressOf(headers),
          userAgent: headers.get("user-agent") ?? "",
          requestId: requestIdOf(headers),
          devices: devicesOf(headers),
        });
        onSignedIn(devices);
        return { ...signedIn, id: signedIn.userId };
      } catch (error) {
        // next-auth hands the message to the form; a code and the seconds to wait are all it gets.
        if (!(error instanceof Refusal) || OURS.has(error.code)) return failed(error);
        throw new Error([error.code, error.retryAfterSeconds].filter(Boolean).join(":"));
      }
    },
  });

/** Refusals that the form has no words for: no person's typing leads to them. */
const OURS: ReadonlySet<RefusalCode> = new Set(["unavailable", "invalid"]);

/** Notes what our own part failed with. What it throws then goes through next-auth and says nothing. */
type Failed = (error: unknown) => never;
/** Notes what the browser is to keep, so that it is known next time. */
type OnSignedIn = (devices: string) => void;

/**
 * next-auth's own endpoints under /api/auth. Where our part of the work failed the answer is ours: next-auth's would
 * carry the error's text in an address, or take a database that is away for a session that is over and drop its cookie.
 */
export async function authEndpoint(request: Request, context: unknown): Promise<Response> {
  const requestId = requestIdOf(request.headers);
  let failure: { error: unknown } | undefined;
  let devices: string | undefined;
  const onSignedIn: OnSignedIn = (fresh) => {
    devices = fresh;
  };
  const failed: Failed = (error) => {
    failure ??= { error };
    throw new Error("unavailable");
  };
  try {
    await ready();
    const answer = (await NextAuth(request as never, context as never, options(failed, onSignedIn))) as Response;
    if (devices !== undefined) answer.headers.append("Set-Cookie", deviceCookie(devices));
    return failure ? refused(publicErrorOf(failure.error, requestId)) : answer;
  } catch (error) {
    return refused(publicErrorOf(failure?.error ?? error, requestId));
  }
}
