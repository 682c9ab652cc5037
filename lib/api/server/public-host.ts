import "server-only";
import type { IncomingMessage } from "node:http";

/** What to do with a request for the console: nothing, or send it, or tell it where the console is. */
export type HostVerdict = { is: "ours" } | { is: "elsewhere"; location: string } | { is: "foreign"; message: string };

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;
const OURS: HostVerdict = { is: "ours" };

/**
 * Judges the name that a browser opened the console at. Sessions, redirects and the check of where a write comes from
 * know one name, PUBLIC_URL, so a page shown at another one could be read and not used.
 *
 * - The names of the loopback are one: a page asked for at another of them is answered with the way to ours.
 * - Any other name is foreign. It is not redirected to ours: a reverse proxy that rewrites Host would turn in circles.
 * - A trusted proxy is believed in X-Forwarded-Host. Where it sends none its Host may be its own name for us, which says
 *   nothing of the browser's, and is let pass; the origin of writes is judged all the same.
 */
export function hostJudge(publicUrl: URL, isTrusted: (request: IncomingMessage) => boolean) {
  return (incoming: IncomingMessage): HostVerdict => {
    const trusted = isTrusted(incoming);
    const forwarded = incoming.headers["x-forwarded-host"];
    if (trusted && forwarded === undefined) return OURS;
    const given = trusted ? String(forwarded).split(",").at(-1)?.trim() : incoming.headers.host;
    const asked = hostOf(given ?? "", publicUrl.protocol);
    if (asked?.host === publicUrl.host) return OURS;
    const isSame = asked && isLoopback(asked) && isLoopback(publicUrl) && asked.port === publicUrl.port;
    if (isSame && ["GET", "HEAD"].includes(incoming.method ?? ""))
      return { is: "elsewhere", location: publicUrl.origin + incoming.url };
    return { is: "foreign", message: foreign(publicUrl) };
  };
}

/**
 * Whether a write comes from a page of ours as far as the browser says so. Absent, Origin is judged by whoever needs it:
 * programs send none.
 */
export const isOwnOrigin = ({ headers: { origin } }: IncomingMessage, publicUrl: URL): boolean =>
  origin === undefined || origin === publicUrl.origin;

/** What an operator should know at the start: names under which people will come and be turned away. */
export function addressWarnings({
  HOST,
  PORT,
  PUBLIC_URL,
}: {
  HOST: string;
  PORT: number;
  PUBLIC_URL: string;
}): string[] {
  const url = new URL(PUBLIC_URL);
  const port = Number(url.port) || (url.protocol === "https:" ? 443 : 80);
  if (!isLoopback(url)) return [];
  if (!LOOPBACK.test(HOST === "::1" ? "[::1]" : HOST))
    return [
      `HOST ${HOST} takes connections from other machines, but the console answers only at ${url.origin}. Set PUBLIC_URL to the address that people open.`,
    ];
  return port === PORT
    ? []
    : [
        `The console answers only at ${url.origin}, but PORT is ${PORT}. Set PUBLIC_URL to the address that people open.`,
      ];
}

const foreign = ({ origin }: URL) =>
  `This console answers at ${origin}. Open it there. Whoever runs it can change that address with the setting PUBLIC_URL; behind a reverse proxy, let the proxy pass the Host header on, or name the proxy in TRUSTED_PROXIES and let it send X-Forwarded-Host.`;

const isLoopback = ({ hostname }: URL) => LOOPBACK.test(hostname);

function hostOf(given: string, protocol: string): URL | undefined {
  const isHost = /^[^\s/?#@\\]+$/.test(given);
  return isHost && URL.canParse(`${protocol}//${given}`) ? new URL(`${protocol}//${given}`) : undefined;
}
