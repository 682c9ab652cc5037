import { isHost } from "../host-syntax";
import { unwrapAddress } from "../wrapping";
import type { Found, Reader } from "./read";

/**
 * Reads `scheme://user:password@host:port/path`, in whatever it is copied with, of the schemes that are named; of TLS it says what
 * is named for its scheme.
 */
export const readAddress: Reader = (text, schemes) => {
  const address = unwrapAddress(text).trim();
  const scheme = /^([a-z][a-z0-9+.-]{0,40}):\/\//i.exec(address)?.[1]?.toLowerCase();
  if (scheme === undefined || !Object.hasOwn(schemes, scheme)) return undefined;
  const found = partsOf(address);
  if ("problem" in found) return found;
  const tls = schemes[scheme];
  return { ...found, values: { ...found.values, tls: tls === "" ? undefined : tls } };
};

/** The parts of any address with a host in it. */
export function partsOf(address: string): Found {
  if (/\s/.test(address)) return { problem: "Must be an address in one line, without blanks" };
  const [, authority = "", path = "", query = ""] = /^[^:]+:\/\/([^/?#]*)\/?([^?#]*)(?:\?([^#]*))?/.exec(address) ?? [];
  const at = authority.lastIndexOf("@");
  const [, bracketed, plain, port] = /^(?:\[([^\]]+)\]|([^:]*))(?::(\d{1,5}))?$/.exec(authority.slice(at + 1)) ?? [];
  const host = bracketed ?? plain ?? "";
  if (!isHost(host)) return { problem: "Must name a host; write @, : and / in a password as %40, %3A and %2F" };
  if (port !== undefined && (Number(port) < 1 || Number(port) > 65_535))
    return { problem: "Must have a port from 1 to 65535 after the host, or none" };
  const [user = "", ...rest] = (at < 0 ? "" : authority.slice(0, at)).split(":");
  try {
    return {
      values: {
        host,
        port: port === undefined ? undefined : Number(port),
        user: decodeURIComponent(user),
        password: decodeURIComponent(rest.join(":")),
        path: decodeURIComponent(path),
      },
      note: query === "" ? undefined : "What stands behind the question mark was left out.",
    };
  } catch {
    return { problem: "Must be correctly percent-encoded; write % as %25" };
  }
}
