/**
 * A shared access signature: the query of an address, with what it allows, until when, and a signature over that. Everybody
 * who holds it may read what it says of itself; only the signature is secret.
 * https://learn.microsoft.com/rest/api/storageservices/create-account-sas
 */
export interface SharedAccess {
  /** As it is sent, without the ? in front. */
  token: string;
  /** Absent where a policy of the container says so. */
  endsAt?: Date;
  startsAt?: Date;
  /** What it is for, where that is one thing: a container "c", a blob "b"; absent for one of the account. */
  resource?: string;
  /** Letters such as "rl". */
  permissions?: string;
}

/** Undefined for what is no whole token: without its version or its signature nobody takes it. */
export function readSharedAccess(text: string): SharedAccess | undefined {
  const token = text.replace(/^\?/, "");
  if (!/^[\x21-\x7e]{1,4096}$/.test(token)) return undefined;
  const query = new URLSearchParams(token);
  if (!query.get("sv") || !query.get("sig")) return undefined;
  const [endsAt, startsAt] = [instant(query.get("se")), instant(query.get("st"))];
  const [resource, permissions] = [query.get("sr"), query.get("sp")];
  return {
    token,
    ...(endsAt && { endsAt }),
    ...(startsAt && { startsAt }),
    ...(resource && { resource }),
    ...(permissions && /^[a-z]{1,20}$/.test(permissions) && { permissions }),
  };
}

/** Days, minutes, seconds or parts of them, in UTC, as the service takes them. */
const TIME = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,7})?)?Z)?$/;

function instant(text: string | null): Date | undefined {
  if (text === null || !TIME.test(text)) return undefined;
  const at = new Date(text);
  return Number.isNaN(at.getTime()) ? undefined : at;
}
