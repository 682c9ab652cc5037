import { type CredentialData, isHost } from "../define";
import { readPrivateKey } from "./private-key";

/** Reads `sftp://user:password@host:port/path` into form values. */
export function pasteSftpUrl(text: string): CredentialData | undefined {
  const scheme = ["sftp://", "ssh://"].find((one) => text.trim().startsWith(one));
  if (!scheme) return undefined;
  const rest = text.trim().slice(scheme.length);
  const slash = rest.indexOf("/");
  const authority = slash < 0 ? rest : rest.slice(0, slash);
  const at = authority.lastIndexOf("@");
  const [host, port] = splitPort(authority.slice(at + 1));
  if (!isHost(host) || port < 1 || port > 65_535) return undefined;
  try {
    const [user, password] = splitUser(at < 0 ? "" : authority.slice(0, at)).map(decodeURIComponent);
    const path = slash < 0 || slash === rest.length - 1 ? undefined : decodeURIComponent(rest.slice(slash));
    return {
      host,
      port,
      ...(user ? { username: user } : {}),
      ...(password ? { password } : {}),
      ...(path ? { test_path: path } : {}),
    };
  } catch {
    return undefined;
  }
}

/** The same URL without its password, or a private key by itself. */
export function pasteKey(text: string): CredentialData | undefined {
  const key = readPrivateKey(text);
  if (key.ok) return { private_key: key.pem };
  const { password: _, ...place } = pasteSftpUrl(text) ?? {};
  return Object.keys(place).length > 0 ? place : undefined;
}

function splitPort(text: string): [string, number] {
  const colon = text.startsWith("[") ? text.indexOf("]:") + 1 : text.lastIndexOf(":");
  if (colon <= 0) return [text, 22];
  return [text.slice(0, colon), /^\d{1,5}$/.test(text.slice(colon + 1)) ? Number(text.slice(colon + 1)) : 0];
}

function splitUser(text: string): string[] {
  const colon = text.indexOf(":");
  return colon < 0 ? [text] : [text.slice(0, colon), text.slice(colon + 1)];
}
