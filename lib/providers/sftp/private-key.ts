import { type KeyDerivation, opensshDerivation, pkcs8Derivation } from "./key-derivation";

/**
 * Recognises a private key by its shape, mends what copying does to it (line ends, indentation, "\n" written out, all on one
 * line), and refuses one whose opening would cost too much. It opens nothing and derives nothing; the worker does.
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
  const text = input.replaceAll("\\r", "").replaceAll("\\n", "\n").replaceAll("\r", "\n");
  const blocks = pemBlocks(text).filter((block) => block.label.endsWith("PRIVATE KEY"));
  const [block] = blocks;
  if (!block) return refuse(whatElse(text));
  if (blocks.length > 1) return refuse("Must hold exactly one private key");
  const format = FORMATS[block.label];
  if (!format) return refuse("Is of a kind that is not supported; use an Ed25519, ECDSA or RSA key");
  const bytes = decodeBase64(block.body);
  if (!bytes || bytes.length < 16) return refuse("Is damaged: the text between its first and last line is not base64");
  const { encrypted, problem } = derivation(format, block, bytes);
  return problem ? refuse(problem) : { ok: true, format, encrypted, pem: write(block) };
}

interface PemBlock {
  label: string;
  headers: string[];
  body: string;
}

/** Walks from dash line to dash line: no pattern that could be made to search the text again and again. */
function pemBlocks(text: string): PemBlock[] {
  const found: PemBlock[] = [];
  const begin = "-----BEGIN ";
  for (let at = text.indexOf(begin); at >= 0; at = text.indexOf(begin, at + begin.length)) {
    const labelEnd = text.indexOf("-----", at + begin.length);
    const label = labelEnd < 0 ? "" : text.slice(at + begin.length, labelEnd);
    if (label === "" || label.length > 40 || label.includes("\n")) continue;
    const end = text.indexOf(`-----END ${label}-----`, labelEnd);
    if (end < 0) continue;
    const lines = text
      .slice(labelEnd + 5, end)
      .split("\n")
      .map((line) => line.trim());
    const headers = lines.filter((line) => line.includes(":"));
    const body = lines
      .filter((line) => !line.includes(":"))
      .join("")
      .replaceAll(" ", "")
      .replaceAll("\t", "");
    found.push({ label, headers, body });
  }
  return found;
}

function derivation(format: KeyFormat, block: PemBlock, bytes: Uint8Array): KeyDerivation {
  if (format === "openssh") return opensshDerivation(bytes);
  if (block.label === "ENCRYPTED PRIVATE KEY") return pkcs8Derivation(bytes);
  // The old header form derives its key with a single hash: nothing to limit.
  return { encrypted: block.headers.some((header) => header.includes("ENCRYPTED")) };
}

/** The last line is written without an end, as OpenSSH, OpenSSL and ssh2 all accept it; a newline closes the text. */
function write({ label, headers, body }: PemBlock): string {
  const lines = body.match(/.{1,64}/g) ?? [];
  const head = headers.length > 0 ? [...headers, ""] : [];
  return [`-----BEGIN ${label}-----`, ...head, ...lines, `-----END ${label}-----`, ""].join("\n");
}

function decodeBase64(text: string): Uint8Array | undefined {
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(text)) return undefined;
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  } catch {
    return undefined;
  }
}

/** People paste the wrong file more often than a broken one. */
function whatElse(text: string): string {
  if (text.includes("PuTTY-User-Key-File"))
    return "Is a PuTTY key; convert it with puttygen key.ppk -O private-openssh";
  if (
    text.includes("BEGIN SSH2") ||
    text.includes("PUBLIC KEY-----") ||
    /^(ssh|ecdsa)-[a-z0-9-]{1,40} /.test(text.trim())
  ) {
    return "Is the public key; paste the private key, the file without .pub";
  }
  if (text.includes("BEGIN CERTIFICATE")) return "Is a certificate; paste the private key";
  if (text.includes("-----BEGIN ")) return "Is cut off: its last line, -----END … PRIVATE KEY-----, is missing";
  return "Must be a private key in PEM form, from -----BEGIN … PRIVATE KEY----- to -----END … PRIVATE KEY-----";
}
