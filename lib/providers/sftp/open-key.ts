import "server-only";
import { createPrivateKey, type KeyObject } from "node:crypto";
import ssh2, { type ParsedKey } from "ssh2";
import sshpk from "sshpk";
import { PEM_ENCRYPTION_UNSUPPORTED } from "./key-derivation";
import { KEY_TYPES, KEY_UNSUPPORTED } from "./key-kinds";
import { readPrivateKey } from "./private-key";

/**
 * Opens a private key for signing in. Heavy, and of uncertain length, by the key's own choice: only the worker calls it,
 * where a hang can be ended.
 */
export type OpenedKey =
  | { ok: true; key: ParsedKey }
  | { ok: false; field: "private_key" | "passphrase"; code: string; problem: string };

export function openPrivateKey(text: string, passphrase: string | undefined): OpenedKey {
  const read = readPrivateKey(text);
  if (!read.ok) return refuse("private_key", "key_unreadable", read.problem);
  if (read.encrypted && passphrase === undefined) {
    return refuse("passphrase", "passphrase_missing", "The key is encrypted; its passphrase is required");
  }
  const key = read.format === "openssh" ? parse(read.pem, passphrase) : parsePem(read.pem, passphrase);
  if (key === "encryption") return refuse("private_key", "key_unsupported", PEM_ENCRYPTION_UNSUPPORTED);
  if (key === "kind" || (key && !KEY_TYPES.includes(key.type))) {
    return refuse("private_key", "key_unsupported", KEY_UNSUPPORTED);
  }
  if (key && worksAsPair(key)) return { ok: true, key };
  if (read.encrypted) return refuse("passphrase", "passphrase_wrong", "Does not open the key, or the key is damaged");
  return refuse("private_key", "key_unreadable", "Is damaged: it cannot be read as a private key");
}

const refuse = (field: "private_key" | "passphrase", code: string, problem: string): OpenedKey => ({
  ok: false,
  field,
  code,
  problem,
});

function parse(pem: string, passphrase: string | undefined): ParsedKey | undefined {
  try {
    const found: ParsedKey | ParsedKey[] | Error = ssh2.utils.parseKey(pem, passphrase);
    const key = Array.isArray(found) ? found[0] : found;
    return key instanceof Error || !key?.isPrivateKey() ? undefined : key;
  } catch {
    return undefined;
  }
}

/**
 * Everything but OpenSSH's own form is opened by the platform, which tells what it does not support from what is wrong, and
 * written as the SSH library reads it.
 */
function parsePem(pem: string, passphrase: string | undefined): ParsedKey | "kind" | "encryption" | undefined {
  let key: KeyObject;
  try {
    key = createPrivateKey({ key: pem, format: "pem", ...(passphrase === undefined ? {} : { passphrase }) });
  } catch (error) {
    return (error as { code?: unknown }).code === "ERR_OSSL_EVP_UNSUPPORTED" ? "encryption" : undefined;
  }
  if (key.asymmetricKeyType === "rsa") return parse(key.export({ type: "pkcs1", format: "pem" }).toString(), undefined);
  if (key.asymmetricKeyType === "ec")
    return parse(key.export({ type: "sec1", format: "pem" }).toString(), undefined) ?? "kind";
  if (key.asymmetricKeyType !== "ed25519") return "kind";
  const plain = key.export({ type: "pkcs8", format: "pem" }).toString();
  return parse(sshpk.parsePrivateKey(plain, "pkcs8").toString("openssh"), undefined);
}

/** A key whose halves do not belong together would only fail at the server, as a wrong key. */
function worksAsPair(key: ParsedKey): boolean {
  try {
    const challenge = Buffer.from("latchkey");
    const signature = key.sign(challenge, key.type === "ssh-rsa" ? "sha256" : undefined);
    return (
      Buffer.isBuffer(signature) &&
      key.verify(challenge, signature, key.type === "ssh-rsa" ? "sha256" : undefined) === true
    );
  } catch {
    return false;
  }
}
