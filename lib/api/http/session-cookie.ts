import "server-only";
import { getToken } from "next-auth/jwt";
import { liveSession } from "@/lib/identity";
import { env } from "@/lib/platform/env";
import { keyFor } from "@/lib/platform/keys";
import { ready } from "@/lib/platform/readiness";

/** The cookie of a console session: what it is called, what it is sealed with, and whom it names. */
interface SessionName {
  orgId: string;
  sid: string;
}

export const secure = () => env().PUBLIC_URL.startsWith("https:");
export const cookieName = () => `${secure() ? "__Host-" : ""}next-auth.session-token`;
export const secret = () => keyFor("session-cookie").toString("base64");

export const nameOf = (token: Record<string, unknown> | null): SessionName | undefined =>
  typeof token?.orgId === "string" && typeof token.sid === "string"
    ? { orgId: token.orgId, sid: token.sid }
    : undefined;

/** The session a request's cookies name, if it is alive now. */
export async function sessionOf(headers: Headers, cookies: Record<string, string>) {
  await ready();
  const token = await getToken({
    req: { headers: Object.fromEntries(headers), cookies } as never,
    secret: secret(),
    cookieName: cookieName(),
    secureCookie: secure(),
  });
  const named = nameOf(token);
  return named ? liveSession(named.orgId, named.sid) : null;
}
