import type { CredentialData } from "../define";
import { readConnectionString } from "./connection-string";
import { readPlace, usualEndpoint } from "./endpoint";
import { readSharedAccess, type SharedAccess } from "./sas";

/** Where a credential's blobs are, and by what it signs in. */
export interface BlobTarget {
  endpoint: string;
  account: string | undefined;
  container: string | undefined;
  access: { by: "key"; key: string } | { by: "sas"; sas: SharedAccess } | { by: "application" };
}

/** What the values name together; undefined where they do not name a whole target. */
export function targetOf(data: CredentialData): BlobTarget | undefined {
  const { connection_string, sas_url, sas_token, account_key, container } = strings(data);
  if (connection_string !== undefined) {
    const read = readConnectionString(connection_string);
    if (!read.ok) return undefined;
    const { endpoint, account, key, access } = read.value;
    if (key !== undefined) return { endpoint, account, container, access: { by: "key", key } };
    return access && { endpoint, account, container, access: { by: "sas", sas: access } };
  }
  if (sas_url !== undefined) {
    const place = readPlace(sas_url);
    const sas = place && readSharedAccess(place.query);
    const [named = container] = place?.path ?? [];
    return (
      place && sas && { endpoint: place.endpoint, account: place.account, container: named, access: { by: "sas", sas } }
    );
  }
  const place = placeOf(data);
  if (!place) return undefined;
  if (account_key !== undefined) return { ...place, container, access: { by: "key", key: account_key } };
  if (sas_token === undefined) return { ...place, container, access: { by: "application" } };
  const sas = readSharedAccess(sas_token);
  return sas && { ...place, container, access: { by: "sas", sas } };
}

/** The endpoint that the fields name, or Azure's own of the account. */
function placeOf(data: CredentialData): Pick<BlobTarget, "endpoint" | "account"> | undefined {
  const { account_name, endpoint } = strings(data);
  const place = endpoint === undefined ? undefined : readPlace(endpoint);
  if (place) return { endpoint: place.endpoint, account: account_name ?? place.account };
  return account_name === undefined || endpoint !== undefined
    ? undefined
    : { endpoint: usualEndpoint(account_name), account: account_name };
}

/** When access by these values ends of itself. */
export function accessEnd(data: CredentialData): Date | undefined {
  const access = targetOf(data)?.access;
  return access?.by === "sas" ? access.sas.endsAt : undefined;
}

const strings = (data: CredentialData): Record<string, string | undefined> =>
  Object.fromEntries(Object.entries(data).filter((entry): entry is [string, string] => typeof entry[1] === "string"));
