import "server-only";
import { env } from "@/lib/platform/env";

/** The address of a path of ours, as people and programs use it. */
export const publicAddress = (path: string): string => new URL(path, env().PUBLIC_URL).href;

/** The origins whose pages may be told how a sign-in ended: ours, and those that call the API from browsers. */
export const openerOrigins = (): string[] => [
  new URL(env().PUBLIC_URL).origin,
  ...(env()
    .CORS_ORIGINS?.split(",")
    .map((origin) => origin.trim()) ?? []),
];

/**
 * A path of ours, query included, from what somebody gives as where to go: such a path, or the whole address of one.
 * Undefined for anywhere else.
 */
export function ownPath(given: string): string | undefined {
  const base = new URL(env().PUBLIC_URL);
  // A browser takes a backslash for a slash, and drops what is invisible.
  if (!/^(https?:\/\/|\/(?!\/))[\x21-\x7e]*$/.test(given) || given.includes("\\") || !URL.canParse(given, base.href))
    return undefined;
  const url = new URL(given, base);
  return url.origin === base.origin && !url.username && !url.pathname.startsWith("//")
    ? url.pathname + url.search
    : undefined;
}
