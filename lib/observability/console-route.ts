import type { IncomingMessage } from "node:http";

/** What a request of the console is for; its pages' own patterns are known to the console alone. */
export function consoleRoute(path: string, { headers }: IncomingMessage): string {
  if (path.startsWith("/_next/")) return "static";
  if (path.startsWith("/api/auth/")) return "sign-in";
  if (headers["next-action"] !== undefined) return "action";
  return headers.rsc !== undefined ? "data" : "page";
}
