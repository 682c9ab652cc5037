/** The kinds of key that can sign in here, by the names of their public halves; DSA is left out on purpose. */
export const KEY_TYPES = [
  "ssh-ed25519",
  "ecdsa-sha2-nistp256",
  "ecdsa-sha2-nistp384",
  "ecdsa-sha2-nistp521",
  "ssh-rsa",
];

export const KEY_UNSUPPORTED =
  "Is of a kind that is not supported; use an Ed25519, ECDSA (P-256, P-384, P-521) or RSA key, e.g. from ssh-keygen -t ed25519";

export const SECURITY_KEY =
  "Is a key that lives in a security key (sk-), which only the person who touches it can use; use one from ssh-keygen -t ed25519";
