import { isHost, type PasteResult } from "../define";
import { pastedFields } from "../placeholder";
import { unwrapAddress } from "../wrapping";
import { pastePlace } from "./paste-place";
import { readPrivateKey } from "./private-key";

/** Reads where the server is, and as whom: `sftp://user:password@host:port/path`, or what people have in its place. */
export const pasteServer = (text: string): PasteResult | undefined => pasteSftpUrl(text) ?? pastePlace(text);

function pasteSftpUrl(text: string): PasteResult | undefined {
  const address = unwrapAddress(text).trim();
  const [scheme] = /^[a-z][a-z0-9+.-]{0,40}:\/\//i.exec(address) ?? [];
  if (scheme === undefined) return undefined;
  if (!/^(?:sftp|ssh|scp):/i.test(scheme)) return refuse("Must begin with sftp://; this is another protocol's address");
  const rest = address.slice(scheme.length);
  if (/[\r\n]/.test(rest)) return refuse("Must be a single line");
  const slash = rest.indexOf("/");
  const authority = slash < 0 ? rest : rest.slice(0, slash);
  const at = authority.lastIndexOf("@");
  const [host, port] = splitPort(authority.slice(at + 1));
  if ((!isHost(host) || port < 1) && at < 0 && rest.includes("@")) return refuse(RAW_SLASH);
  if (!isHost(host)) return refuse("Must name a host or an IP address, as in sftp://user@host/folder");
  if (port < 1 || port > 65_535) return refuse("Must have a port from 1 to 65535 after the host, or none");
  try {
    const [username, password] = splitUser(at < 0 ? "" : authority.slice(0, at)).map(decodeURIComponent);
    const path = slash < 0 || slash === rest.length - 1 ? undefined : decodeURIComponent(rest.slice(slash));
    const given = { host, port, username: username || undefined, password: password || undefined, test_path: path };
    return pastedFields(given, "address");
  } catch {
    return refuse("Must be correctly percent-encoded; write % as %25");
  }
}

/** A private key by itself, or the same place without a password. */
export function pasteKey(text: string): PasteResult {
  const key = readPrivateKey(text);
  if (key.ok) return { ok: true, data: { private_key: key.pem } };
  const place = pasteServer(text);
  if (!place?.ok) return place ?? refuse(key.problem);
  const { password: _, ...data } = place.data;
  return { ok: true, data, ...(place.note !== undefined && { note: place.note }) };
}

const RAW_SLASH = "Write / in a user name or password as %2F";

const refuse = (problem: string): PasteResult => ({ ok: false, problem });

function splitPort(text: string): [string, number] {
  const colon = text.startsWith("[") ? text.indexOf("]:") + 1 : text.lastIndexOf(":");
  if (colon <= 0) return [text, 22];
  return [text.slice(0, colon), /^\d{1,5}$/.test(text.slice(colon + 1)) ? Number(text.slice(colon + 1)) : 0];
}

function splitUser(text: string): string[] {
  const colon = text.indexOf(":");
  return colon < 0 ? [text] : [text.slice(0, colon), text.slice(colon + 1)];
}
