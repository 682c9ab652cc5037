import { decodeBase64, type PemBlock, pemBlocks, pemLabels, writePem } from "../pem";
import { type KeyDerivation, opensshDerivation, pemDerivation, pkcs8Derivation } from "./key-derivation";
import { KEY_UNSUPPORTED, SECURITY_KEY } from "./key-kinds";

/**
 * Recognises a private key by its shape, mends what copying does to it, names what is something else, and refuses one whose opening would cost too much. It opens nothing and derives nothing; the worker does.
 */
type KeyFormat = "openssh" | "pkcs1" | "sec1" | "pkcs8";

export type ReadPrivateKey =
  | { ok: true; format: KeyFormat; encrypted: boolean; pem: string }
  | { ok: false; problem: string };

const MAX_LENGTH = 16_384;

const FORMATS: Record<string, KeyFormat> = {
  "OPENSSH PRIVATE KEY": "openssh",
  "RSA PRIVATE KEY": "pkcs1",
  "EC PRIVATE KEY": "sec1",
  "PRIVATE KEY": "pkcs8",
  "ENCRYPTED PRIVATE KEY": "pkcs8",
};

const refuse = (problem: string): ReadPrivateKey => ({ ok: false, problem });

/** The key's format, whether a passphrase is needed, and its text in good order; or what is wrong with it. */
export function readPrivateKey(input: string): ReadPrivateKey {
  if (input.length > MAX_LENGTH) return refuse("Must be at most 16 KiB");
  const blocks = pemBlocks(input).filter(({ label }) => label.endsWith("PRIVATE KEY"));
  const [block] = blocks;
  if (!block) return refuse(whatElse(input));
  if (blocks.length > 1) return refuse("Must hold exactly one private key");
  if (block.label.startsWith("SSH2 ")) return refuse(SSH2_KEY);
  const format = FORMATS[block.label];
  if (!format) return refuse(KEY_UNSUPPORTED);
  const bytes = decodeBase64(block.body);
  if (!bytes || bytes.length < 16) return refuse("Is damaged: the text between its first and last line is not base64");
  const { encrypted, problem } = derivation(format, block, bytes);
  return problem ? refuse(problem) : { ok: true, format, encrypted, pem: writePem(block) };
}

function derivation(format: KeyFormat, block: PemBlock, bytes: Uint8Array): KeyDerivation {
  if (format === "openssh") return opensshDerivation(bytes);
  return block.label === "ENCRYPTED PRIVATE KEY" ? pkcs8Derivation(bytes) : pemDerivation(block.headers);
}

const SSH2_KEY =
  "Is a private key in ssh.com's form; take its passphrase off and convert it with ssh-keygen -i -f key > new-key";
const PUBLIC_KEY = "Is the public key; paste the private key, the file without .pub";

/** People paste the wrong file more often than a broken one. The first that fits is told. */
const OTHERS: [RegExp, string][] = [
  [/PuTTY-User-Key-File/, "Is a PuTTY key; convert it with puttygen key.ppk -O private-openssh -o new-key"],
  [
    /SSH PRIVATE KEY FILE FORMAT 1/,
    "Is a key of SSH's first version, which is no longer safe; use a new one from ssh-keygen -t ed25519",
  ],
  [
    /[a-z0-9]-cert-v0\d@openssh\.com/,
    "Is an SSH certificate (-cert-v01); paste the private key that it was made for, the file without -cert.pub",
  ],
  [/\bsk-(?:ssh|ecdsa)-[a-z0-9-]{1,40}@openssh\.com/, SECURITY_KEY],
  [/(?:^|[\s"'])(?:ssh-(?:rsa|dss|ed25519|ed448)|ecdsa-sha2-[a-z0-9]{1,20})\s/, PUBLIC_KEY],
  [/^\s{0,80}AAAA[BCE]3NzaC1/, PUBLIC_KEY],
];

const OTHER_LABELS: [RegExp, string][] = [
  [/^PGP /, "Is a PGP key or message, which SSH cannot use; use a key from ssh-keygen -t ed25519"],
  [/^SSH2 .*PRIVATE KEY$/, SSH2_KEY],
  [/PUBLIC KEY$/, PUBLIC_KEY],
  [/CERTIFICATE REQUEST$/, "Is a request for a certificate; paste the private key"],
  [/CERTIFICATE$/, "Is a certificate; paste the private key"],
  [/PRIVATE KEY$/, "Is cut off: its last line, -----END … PRIVATE KEY-----, is missing"],
  [/^OPENSSH|^RSA|^EC\b|^PRIVATE|^ENCRYPTED/, "Is cut off: its last line, -----END … PRIVATE KEY-----, is missing"],
];

function whatElse(text: string): string {
  const labels = pemLabels(text);
  const byLabel = OTHER_LABELS.find(([what]) => labels.some((label) => what.test(label)));
  const known = OTHERS.find(([what]) => what.test(text)) ?? byLabel;
  if (known) return known[1];
  if (/^\s{0,80}(?:b3BlbnNzaC1rZXktdjE|MII[A-Za-z0-9+/])/.test(text))
    return "Lacks its first and last line, -----BEGIN … PRIVATE KEY----- and -----END … PRIVATE KEY-----";
  return "Must be a private key in PEM form, from -----BEGIN … PRIVATE KEY----- to -----END … PRIVATE KEY-----";
}
