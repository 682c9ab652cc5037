import { type NextRequest, NextResponse } from "next/server";
import { env } from "@/lib/platform/env";

/**
 * Headers of console pages: a content security policy with a fresh nonce, and the path for the way back after
 * signing in. Nothing is guarded here: every page, action and feed asks who is there by itself.
 */
export function proxy(request: NextRequest): NextResponse {
  const nonce = Buffer.from(crypto.getRandomValues(new Uint8Array(18))).toString("base64");
  const policy = contentSecurityPolicy(nonce);
  const headers = new Headers(request.headers);
  headers.set("x-nonce", nonce);
  headers.set("content-security-policy", policy);
  headers.set("x-latchkey-path", request.nextUrl.pathname + request.nextUrl.search);
  const response = NextResponse.next({ request: { headers } });
  response.headers.set("Content-Security-Policy", policy);
  for (const [name, value] of Object.entries(fixed)) response.headers.set(name, value);
  if (env().PUBLIC_URL.startsWith("https:")) response.headers.set("Strict-Transport-Security", "max-age=63072000");
  return response;
}

const fixed = {
  "Cache-Control": "no-store",
  "X-Content-Type-Options": "nosniff",
  "Referrer-Policy": "no-referrer",
  // Not "same-origin": a page of ours must see whether the window that it opened for a sign-in is still there.
  "Cross-Origin-Opener-Policy": "same-origin-allow-popups",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
  "X-Frame-Options": "DENY",
};

const contentSecurityPolicy = (nonce: string): string =>
  [
    "default-src 'none'",
    // The development server compiles in the browser.
    `script-src 'nonce-${nonce}' 'strict-dynamic'${env().production ? "" : " 'unsafe-eval'"}`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join("; ");

// API paths have headers of their own and are kept off this road, which would double their cost. So has the one that takes
// files: on this road Next would keep a second copy of the body, and cut it off at ten megabytes.
export const config = {
  matcher: [
    "/((?!api/|integrations/|plugins/|litegraph/|auth/v1/|v1\\.0/|v2\\.0/|import/run$|_next/static/|favicon.ico|icon.svg|robots.txt|manifest.webmanifest).*)",
  ],
};
