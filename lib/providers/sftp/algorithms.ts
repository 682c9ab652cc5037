import "server-only";
import type { Algorithms, CipherAlgorithm, KexAlgorithm, MacAlgorithm, ServerHostKeyAlgorithm } from "ssh2";

/** What we offer a server: what OpenSSH offers today, without SHA-1, CBC and plain-text MACs. */
const kex: KexAlgorithm[] = [
  "curve25519-sha256",
  "curve25519-sha256@libssh.org",
  "ecdh-sha2-nistp256",
  "ecdh-sha2-nistp384",
  "ecdh-sha2-nistp521",
  "diffie-hellman-group-exchange-sha256",
  "diffie-hellman-group16-sha512",
  "diffie-hellman-group18-sha512",
  "diffie-hellman-group14-sha256",
];
const serverHostKey: ServerHostKeyAlgorithm[] = [
  "ssh-ed25519",
  "ecdsa-sha2-nistp256",
  "ecdsa-sha2-nistp384",
  "ecdsa-sha2-nistp521",
  "rsa-sha2-512",
  "rsa-sha2-256",
];
const cipher: CipherAlgorithm[] = [
  "chacha20-poly1305@openssh.com",
  "aes256-gcm@openssh.com",
  "aes128-gcm@openssh.com",
  "aes256-ctr",
  "aes192-ctr",
  "aes128-ctr",
];
const hmac: MacAlgorithm[] = [
  "hmac-sha2-256-etm@openssh.com",
  "hmac-sha2-512-etm@openssh.com",
  "hmac-sha2-256",
  "hmac-sha2-512",
];

/** For servers that cannot be renewed; only where the operator says so. */
const legacy = {
  kex: [
    "diffie-hellman-group-exchange-sha1",
    "diffie-hellman-group14-sha1",
    "diffie-hellman-group1-sha1",
  ] satisfies KexAlgorithm[],
  serverHostKey: ["ssh-rsa"] satisfies ServerHostKeyAlgorithm[],
  cipher: ["aes256-cbc", "aes192-cbc", "aes128-cbc", "3des-cbc"] satisfies CipherAlgorithm[],
  hmac: ["hmac-sha1-etm@openssh.com", "hmac-sha1"] satisfies MacAlgorithm[],
};

/** RSA keys sign in several ways. */
const keyType = (algorithm: string) => (algorithm.startsWith("rsa-sha2-") ? "ssh-rsa" : algorithm);

/** The types of host key that we can ask for. */
export const hostKeyTypes: readonly string[] = [...new Set(serverHostKey.map(keyType))];

/**
 * The algorithms to offer. A server may hold keys of several types and presents the one that we prefer, so the type of a
 * remembered key goes first: else a server that gains a key would look like another server.
 * @param unwanted types of key that the server has shown already
 */
export function algorithms(
  pinnedType: string | undefined,
  allowLegacy: boolean,
  unwanted: readonly string[] = [],
): Algorithms {
  const all = allowLegacy ? [...serverHostKey, ...legacy.serverHostKey] : serverHostKey;
  const hostKeys = all.filter((name) => !unwanted.includes(keyType(name)));
  const preferred = hostKeys.filter(
    (name) => name === pinnedType || (pinnedType === "ssh-rsa" && name.startsWith("rsa-sha2-")),
  );
  return {
    kex: allowLegacy ? [...kex, ...legacy.kex] : kex,
    serverHostKey: [...preferred, ...hostKeys.filter((name) => !preferred.includes(name))],
    cipher: allowLegacy ? [...cipher, ...legacy.cipher] : cipher,
    hmac: allowLegacy ? [...hmac, ...legacy.hmac] : hmac,
    compress: ["none"],
  };
}
