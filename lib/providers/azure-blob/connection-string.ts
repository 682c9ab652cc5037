import { placeholderIn } from "../placeholder";
import { ACCOUNT, readPlace, usualEndpoint } from "./endpoint";
import { readSharedAccess, type SharedAccess } from "./sas";

/** What a connection string of Azure Storage says of blobs, and how it signs in. */
export interface ConnectionString {
  endpoint: string;
  account: string | undefined;
  key?: string;
  access?: SharedAccess;
}

export type ReadConnectionString = { ok: true; value: ConnectionString } | { ok: false; problem: string };

/** Whether a text is written as one, whatever is wrong with it. */
export const looksLikeConnectionString = (text: string): boolean =>
  /(?:^|;)\s{0,9}(?:DefaultEndpointsProtocol|AccountName|AccountKey|BlobEndpoint|SharedAccessSignature|UseDevelopmentStorage)=/i.test(
    text,
  );

/**
 * Reads `DefaultEndpointsProtocol=…;AccountName=…;AccountKey=…;EndpointSuffix=…`, or with `BlobEndpoint=…` for an own or
 * national cloud, and with a `SharedAccessSignature=…` in the key's place. Problems repeat nothing of the text.
 * https://learn.microsoft.com/azure/storage/common/storage-configure-connection-string
 */
export function readConnectionString(text: string): ReadConnectionString {
  const settings = settingsOf(text);
  if (!settings) return refuse("Must be settings such as AccountName=…, separated by semicolons, each at most once");
  if (settings.get("usedevelopmentstorage") !== undefined)
    return refuse("Must name an account: UseDevelopmentStorage stands for an emulator on one's own machine");
  const [name, key, blobEndpoint] = [
    settings.get("accountname"),
    settings.get("accountkey"),
    settings.get("blobendpoint"),
  ];
  // It is shown, and stands in a header.
  if (name !== undefined && !ACCOUNT.test(name))
    return refuse("Must have an AccountName as Azure has them: 3 to 24 small letters and digits");
  const place = placeOf(settings, name, blobEndpoint);
  if (!place) return refuse("Must have an AccountName, or the address of the service in BlobEndpoint");
  const account = name ?? place.account;
  const signature = settings.get("sharedaccesssignature");
  if (signature !== undefined) {
    const access = readSharedAccess(signature);
    return access
      ? { ok: true, value: { endpoint: place.endpoint, account, access } }
      : refuse("Must have the whole shared access signature, from sv= to sig=");
  }
  if (key === undefined) return refuse("Must have an AccountKey or a SharedAccessSignature");
  if (!isAccountKey(key)) return refuse("Must have the AccountKey as Azure shows it, in base64");
  if (account === undefined) return refuse("Must have the AccountName that the key belongs to");
  return { ok: true, value: { endpoint: place.endpoint, account, key } };
}

/** 64 bytes at Azure; its emulators and relatives have others. A placeholder is kept, and told, as in any other field. */
export const isAccountKey = (text: string): boolean =>
  (/^[A-Za-z0-9+/]{8,500}={0,2}$/.test(text) && text.length % 4 === 0) || placeholderIn(text) !== undefined;

/** Most settings that one may have. */
const SETTINGS_MAX = 20;

function settingsOf(text: string): Map<string, string> | undefined {
  const found = new Map<string, string>();
  const parts = text.split(";").map((part) => part.trim());
  for (const part of parts.filter((one) => one !== "")) {
    const equals = part.indexOf("=");
    const name = part.slice(0, Math.max(0, equals)).trim().toLowerCase();
    if (!/^[a-z]{1,40}$/.test(name) || found.has(name) || found.size >= SETTINGS_MAX) return undefined;
    found.set(name, part.slice(equals + 1).trim());
  }
  return found;
}

function placeOf(settings: Map<string, string>, account: string | undefined, endpoint: string | undefined) {
  const scheme = settings.get("defaultendpointsprotocol")?.toLowerCase();
  const address = endpoint ?? (account && usualEndpoint(account, settings.get("endpointsuffix"), scheme));
  const place = address === undefined ? undefined : readPlace(address);
  return place && place.path.length === 0 && place.query === "" ? place : undefined;
}

const refuse = (problem: string): ReadConnectionString => ({ ok: false, problem });
