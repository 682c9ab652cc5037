import "server-only";
import { parseCookie, stringifySetCookie } from "cookie";
import { env } from "@/lib/platform/env";

interface CookieOptions {
  path: string;
  seconds: number;
  sameSite: "strict" | "lax";
}

/** A Set-Cookie header of a cookie that no script sees. */
export function setCookie(name: string, value: string, { path, seconds, sameSite }: CookieOptions): string {
  const secure = env().PUBLIC_URL.startsWith("https:");
  return stringifySetCookie({ name, value, path, maxAge: seconds, httpOnly: true, sameSite, secure });
}

/** The cookies of a request that hold something; of two with one name, the one of the longer path, which comes first. */
export function cookiesOf(headers: Headers): Record<string, string> {
  const jar: Record<string, string> = Object.create(null);
  for (const [name, value] of Object.entries(parseCookie(headers.get("cookie") ?? ""))) if (value) jar[name] = value;
  return jar;
}

export const cookieOf = (headers: Headers, name: string): string | undefined => cookiesOf(headers)[name];
