import type { CredentialData, PasteResult } from "../define";
import { pastedFields } from "../placeholder";
import { unwrapAddress } from "../wrapping";
import { looksLikeConnectionString, readConnectionString } from "./connection-string";
import { readPlace, usualEndpoint } from "./endpoint";
import { readSharedAccess, type SharedAccess } from "./sas";

/** Reads the connection string that Azure shows beside an account's key. */
export function pasteConnectionString(text: string): PasteResult | undefined {
  const line = unwrapped(text);
  if (!looksLikeConnectionString(line)) return undefined;
  const read = readConnectionString(line);
  if (!read.ok) return refuse(read.problem);
  const { endpoint, account, key } = read.value;
  return key === undefined ? undefined : pastedFields({ ...placeFields(endpoint, account), account_key: key }, "text");
}

/** Reads an address that ends in a shared access signature, such a signature alone, or a connection string that holds one. */
export function pasteSharedAccess(text: string): PasteResult | undefined {
  const line = unwrapped(text);
  if (looksLikeConnectionString(line)) {
    const read = readConnectionString(line);
    if (!read.ok) return refuse(read.problem);
    const { endpoint, account, access } = read.value;
    return access && withEnd(access, { ...placeFields(endpoint, account), sas_token: access.token });
  }
  if (/^https?:\/\//i.test(line)) {
    const place = readPlace(line);
    const access = place && readSharedAccess(place.query);
    if (!access) return refuse("Must be an address with a whole shared access signature, from sv= to sig=");
    if (place.path.length > 1) return refuse(ONE_BLOB);
    return withEnd(access, {
      ...placeFields(place.endpoint, place.account),
      sas_token: access.token,
      ...(place.path[0] !== undefined && { container: place.path[0] }),
    });
  }
  const access = readSharedAccess(line);
  return access && withEnd(access, { sas_token: access.token });
}

/** What a signature is for that opens one blob and nothing else: no list, and so no test. */
export const ONE_BLOB = "Must be for the account or a container: this one is for a single blob";

function placeFields(endpoint: string, account: string | undefined): Record<string, string | undefined> {
  const isUsual = account !== undefined && endpoint === usualEndpoint(account);
  return { account_name: account, ...(!isUsual && { endpoint }) };
}

function withEnd({ endsAt }: SharedAccess, fields: Record<string, string | undefined>): PasteResult {
  const data: CredentialData = pastedFields(fields, "address").data;
  const until = endsAt?.toISOString().slice(0, 16).replace("T", " ");
  return { ok: true, data, ...(until !== undefined && { note: `It ends at ${until} UTC.` }) };
}

/**
 * Without the name and the quotes around it. A connection string begins with a name of its own, and one of an address would
 * lose that; so it is looked for first.
 */
function unwrapped(text: string): string {
  const line = text
    .trim()
    .replace(/^(?:export[ \t]{1,9})?AZURE_STORAGE_[A-Z_]{1,40}[ \t]{0,9}[=:][ \t]{0,9}/i, "")
    .replace(/^(["'])(.*)\1[;,]?$/s, "$2")
    .trim();
  return looksLikeConnectionString(line) ? line : unwrapAddress(line).trim();
}

const refuse = (problem: string): PasteResult => ({ ok: false, problem });
