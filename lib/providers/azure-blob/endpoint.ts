import { isHost } from "../host-syntax";

/** Where a storage account answers for its blobs. */
export interface BlobPlace {
  /** Scheme, host, port where there is one, and for an account that is named in the path, that name. No slash at its end. */
  endpoint: string;
  /** The account that the endpoint names: first in its host, or alone in its path. */
  account: string | undefined;
  /** What the address names below that. */
  path: string[];
}

/** Longest address that is read. */
const URL_MAX = 4_096;

/** An address of the service, or below it; undefined for what is none, or has a user in it. */
export function readPlace(text: string): (BlobPlace & { query: string }) | undefined {
  if (text.length > URL_MAX || !/^https?:\/\/\S+$/i.test(text) || !URL.canParse(text)) return undefined;
  const url = new URL(text);
  if (url.username || url.password || url.hash || !isHost(url.hostname)) return undefined;
  const segments = url.pathname.split("/").filter((segment) => segment !== "");
  const named = hostAccount(url.hostname);
  const [inPath, path] =
    named === undefined && isAccount(segments[0]) ? [segments[0], segments.slice(1)] : [undefined, segments];
  return {
    endpoint: inPath === undefined ? url.origin : `${url.origin}/${inPath}`,
    account: named ?? inPath,
    path,
    query: url.search.slice(1),
  };
}

/** `account.blob.core.windows.net`, and the same in another cloud. A machine's own name or address stands for no account. */
const hostAccount = (host: string): string | undefined => {
  const [first, second] = host.split(".");
  return second === "blob" && isAccount(first) ? first : undefined;
};

export const ACCOUNT = /^[a-z0-9]{3,24}$/;
const isAccount = (text: string | undefined): text is string => text !== undefined && ACCOUNT.test(text);

/** Where an account is in Azure's own cloud. */
export const usualEndpoint = (account: string, suffix = "core.windows.net", scheme = "https") =>
  `${scheme}://${account}.blob.${suffix}`;

/** A container's name, as Azure has them; `$root`, `$web` and `$logs` are containers of its own. */
export const CONTAINER = /^(?:\$(?:root|web|logs)|(?=.{3,63}$)[a-z0-9]+(?:-[a-z0-9]+)*)$/;
