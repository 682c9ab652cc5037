import "server-only";
import { randomBytes } from "node:crypto";
import { cookieOf, cookiesOf, setCookie } from "./cookies";
import { publicAddress } from "./public-address";
import { sessionOf } from "./session-cookie";

/** The browser's part of a sign-in at a provider: what ties it to the one it was started in, and where it comes back. */
const COOKIE = "latchkey-connect";

/** Lax: the way back is a link from another site. As long as a person may take there. */
export const browserCookie = (key: string): string =>
  setCookie(COOKIE, key, { path: "/api", seconds: 600, sameSite: "lax" });

/** Who comes back: the key of that cookie, and the person at the console in the same browser. */
export async function whoComesBack(headers: Headers) {
  const session = await sessionOf(headers, cookiesOf(headers));
  const { orgId, id } = session?.actor ?? {};
  return {
    browserKey: cookieOf(headers, COOKIE),
    ...(orgId !== undefined && id !== undefined && { person: { orgId, id } }),
  };
}

/** The callback of a provider, to be registered there letter for letter. */
export const callbackOf = (provider: string): string => publicAddress(`/api/integrations/${provider}/callback`);

/** Kinds that hold a client of their own come back to one address, whichever they are. */
export const callbackFor = (provider: string, { client }: { client: string }): string =>
  callbackOf(client === "operator" ? provider : "oauth2");

/** Headers of a page that may do nothing but run and draw what carries the nonce. */
export function barePage(): { nonce: string; headers: Record<string, string> } {
  const nonce = randomBytes(18).toString("base64");
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src 'nonce-${nonce}'`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ];
  return {
    nonce,
    headers: { "Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": policy.join("; ") },
  };
}
