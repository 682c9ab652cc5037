import "server-only";
import { env } from "@/lib/platform/env";

interface CookieOptions {
  path: string;
  seconds: number;
  sameSite: "Strict" | "Lax";
}

/** A Set-Cookie header of a cookie that no script sees. */
export function setCookie(name: string, value: string, { path, seconds, sameSite }: CookieOptions): string {
  const secure = env().PUBLIC_URL.startsWith("https:") ? "; Secure" : "";
  return `${name}=${value}; Path=${path}; Max-Age=${seconds}; HttpOnly; SameSite=${sameSite}${secure}`;
}

/** The cookies of a request; of two with one name, the one of the longer path, which comes first. */
export function cookiesOf(headers: Headers): Record<string, string> {
  const jar: Record<string, string> = Object.create(null);
  for (const pair of (headers.get("cookie") ?? "").split(";")) {
    const [name, value] = pair.trim().split(/=(.*)/s);
    if (name && value) jar[name] ??= value;
  }
  return jar;
}

export const cookieOf = (headers: Headers, name: string): string | undefined => cookiesOf(headers)[name];
