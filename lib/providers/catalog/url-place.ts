import { isHost } from "../host-syntax";

/**
 * Where a URL leads, as it may be shown: "db.example.com:5432", or several with commas. Undefined when that cannot be said
 * for sure: an unescaped / or @ in a password would make a part of it look like a host. One pass, no backtracking.
 */
export function placeOfUrl(text: string): string | undefined {
  const scheme = /^[a-z][a-z0-9+.-]{0,31}:\/\//i.exec(text)?.[0];
  if (!scheme) return undefined;
  const rest = text.slice(scheme.length);
  const end = rest.search(/[/?#]/);
  const authority = end < 0 ? rest : rest.slice(0, end);
  if (end >= 0 && rest.includes("@", end)) return undefined;
  const at = authority.lastIndexOf("@");
  const places = authority.slice(at + 1).split(",");
  // Without a user before it, digits behind a colon could be a password whose @ was forgotten.
  const shown = places.map((place) => (at < 0 && !/^https?:/i.test(scheme) ? bareHost(place) : hostAndPort(place)));
  return shown.every((place) => place !== undefined) ? shown.join(",") : undefined;
}

function hostAndPort(place: string): string | undefined {
  const port = /:[1-9]\d{0,4}$/.exec(place)?.[0] ?? "";
  const host = place.slice(0, place.length - port.length);
  return host !== "" && isHost(host) ? place : undefined;
}

const bareHost = (place: string) => hostAndPort(place)?.replace(/:\d+$/, "");

/** Six bullets: what stands in the place of a password. */
const HIDDEN = "••••••";
const PLAIN = /^[A-Za-z0-9_.-]{1,64}$/;

/**
 * A URL with its secrets hidden, for people to recognise it by: scheme, place and, where there is a password to hide, the
 * user before it; of a database also its name. Undefined where `placeOfUrl` is.
 */
export function maskedUrl(text: string): string | undefined {
  const place = placeOfUrl(text);
  if (place === undefined) return undefined;
  const [scheme = "", rest = ""] = text.split("://", 2);
  const [authority = "", ...path] = rest.split(/[?#]/, 1)[0]?.split("/") ?? [];
  const at = authority.lastIndexOf("@");
  const [user = "", password] = at < 0 ? [] : authority.slice(0, at).split(/:(.*)/s);
  const named = password !== undefined && PLAIN.test(user) ? `${user}:` : "";
  const [database = "", ...deeper] = path;
  const isWeb = /^https?$/i.test(scheme);
  const shownPath = !isWeb && deeper.length === 0 && PLAIN.test(database) ? `/${database}` : "";
  return `${scheme}://${at < 0 ? "" : `${named}${HIDDEN}@`}${place}${shownPath}`;
}

/** Whether a URL carries a user name or password, which a public field must not. */
export function hasUserInfo(text: string): boolean {
  const start = text.indexOf("://");
  return (
    start >= 0 &&
    text
      .slice(start + 3)
      .split(/[/?#]/)[0]
      ?.includes("@") === true
  );
}
