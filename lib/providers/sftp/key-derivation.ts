import { type DerElement, derChildren, derCount, derElements, derOid } from "./der";
import { KEY_TYPES, KEY_UNSUPPORTED, SECURITY_KEY } from "./key-kinds";

/**
 * What a private key's header says about the work of opening it, read before any of that work is done: a forged
 * header can ask for hours. Nothing here derives a key, and whoever does asks here first.
 */
export interface KeyDerivation {
  encrypted: boolean;
  /** Fixed text when the header is broken or asks for more than we grant. */
  problem?: string;
}

/** `ssh-keygen -a 100` is what most guides give. */
const MAX_BCRYPT_ROUNDS = 128;
const MAX_PBKDF2_ITERATIONS = 1_000_000;
const MAX_SCRYPT_N = 2 ** 17;
/** 128 · N · r bytes of memory: 128 MiB, which is the largest N with the usual r = 8. */
const MAX_SCRYPT_N_TIMES_R = 2 ** 20;
const MAX_SCRYPT_P = 4;

const plain: KeyDerivation = { encrypted: false };
const encrypted: KeyDerivation = { encrypted: true };
const broken: KeyDerivation = { encrypted: true, problem: "Is damaged: the key's header cannot be read" };
/** The commands keep the passphrase, and were run for each form. */
const UNSUPPORTED = "Is encrypted in a way that is not supported";
const otherwise = (command: string): KeyDerivation => ({
  encrypted: true,
  problem: `${UNSUPPORTED}; encrypt it anew with ${command}`,
});
const unknownOpenssh = otherwise("ssh-keygen -p -Z aes256-ctr -f key");
/** Old ciphers are in a part of OpenSSL that has to be asked for. */
export const PEM_ENCRYPTION_UNSUPPORTED = `${UNSUPPORTED}; encrypt it anew with openssl pkcs8 -topk8 -v2 aes256 -in key -out new-key -provider legacy -provider default`;
const unknownPem: KeyDerivation = { encrypted: true, problem: PEM_ENCRYPTION_UNSUPPORTED };
const tooCostly: KeyDerivation = {
  encrypted: true,
  problem: `Asks for too much work to decrypt (more than ${MAX_BCRYPT_ROUNDS} bcrypt rounds, a million PBKDF2 iterations or scrypt N of 131072); encrypt it anew, e.g. with ssh-keygen -p -a 16`,
};

const OPENSSH_MAGIC = "openssh-key-v1\0";

/** OpenSSH's own format: magic, cipher, KDF name, KDF options, number of keys. */
export function opensshDerivation(bytes: Uint8Array): KeyDerivation {
  if (latin1(bytes.subarray(0, OPENSSH_MAGIC.length)) !== OPENSSH_MAGIC) return broken;
  const header = new SshReader(bytes.subarray(OPENSSH_MAGIC.length));
  const [cipher, kdf, options, keys] = [header.string(), header.string(), header.string(), header.uint32()];
  if (!cipher || !kdf || !options || keys === undefined) return broken;
  if (keys !== 1) return { encrypted: true, problem: "Must hold exactly one key" };
  const kind = opensshKind(header.string());
  if (kind) return kind;
  if (latin1(kdf) === "none") return plain;
  if (latin1(kdf) !== "bcrypt" || !OPENSSH_CIPHERS.test(latin1(cipher))) return unknownOpenssh;
  const parameters = new SshReader(options);
  const [salt, rounds] = [parameters.string(), parameters.uint32()];
  if (!salt || !rounds) return broken;
  return rounds > MAX_BCRYPT_ROUNDS ? tooCostly : encrypted;
}

const OPENSSH_CIPHERS = /^(?:aes(?:128|192|256)-(?:cbc|ctr)|aes(?:128|256)-gcm@openssh\.com|3des-cbc)$/;

/** The public half stands in clear in front of the encrypted one, and names what kind of key it is. */
function opensshKind(publicHalf: Uint8Array | undefined): KeyDerivation | undefined {
  const name = publicHalf && new SshReader(publicHalf).string();
  if (!name) return undefined;
  const type = latin1(name);
  if (type.startsWith("sk-")) return { encrypted: false, problem: SECURITY_KEY };
  return /^(?:ssh-|ecdsa-)[a-z0-9@.-]{1,50}$/.test(type) && !KEY_TYPES.includes(type)
    ? { encrypted: false, problem: KEY_UNSUPPORTED }
    : undefined;
}

/** The old form, which derives its key with a single hash: nothing to limit, and only the cipher to judge. */
export function pemDerivation(headers: string[]): KeyDerivation {
  const cipher = headers.find((header) => header.startsWith("DEK-Info:"))?.slice("DEK-Info: ".length);
  if (cipher === undefined) return plain;
  return /^(?:AES-|DES-EDE3-CBC,|CAMELLIA-|ARIA-)/.test(cipher) ? encrypted : unknownPem;
}

const PBES2 = "2a864886f70d01050d";
const PBKDF2 = "2a864886f70d01050c";
const SCRYPT = "2b06010401da47040b";
/** Of the older schemes, whose parameters are salt and iterations directly, those with triple DES. */
const PBE_SHA1_3DES = ["2a864886f70d010c0103", "2a864886f70d010c0104"];
/** Single DES and RC2. Whether it knows any other, OpenSSL says when the key is opened. */
const OLD_CIPHERS = ["2b0e030207", "2a864886f70d0302"];

/** PKCS#8 EncryptedPrivateKeyInfo: an algorithm identifier, then the ciphertext. */
export function pkcs8Derivation(bytes: Uint8Array): KeyDerivation {
  const [algorithm] = derChildren(derElements(bytes)?.[0]) ?? [];
  const [id, parameters] = derChildren(algorithm) ?? [];
  const oid = derOid(id);
  if (!oid) return broken;
  if (oid !== PBES2) return PBE_SHA1_3DES.includes(oid) ? iterations(derChildren(parameters)) : unknownPem;
  const [derivation, cipher] = derChildren(parameters) ?? [];
  return OLD_CIPHERS.includes(derOid(derChildren(cipher)?.[0]) ?? "") ? unknownPem : pbes2(derivation);
}

function pbes2(derivation: DerElement | undefined): KeyDerivation {
  const [id, parameters] = derChildren(derivation) ?? [];
  if (derOid(id) === PBKDF2) return iterations(derChildren(parameters));
  if (derOid(id) !== SCRYPT) return unknownPem;
  const [, n, r, p] = (derChildren(parameters) ?? []).map(derCount);
  if (!n || !r || !p) return broken;
  return n > MAX_SCRYPT_N || n * r > MAX_SCRYPT_N_TIMES_R || p > MAX_SCRYPT_P ? tooCostly : encrypted;
}

function iterations(parameters: DerElement[] | undefined): KeyDerivation {
  const count = derCount(parameters?.[1]);
  if (!count) return broken;
  return count > MAX_PBKDF2_ITERATIONS ? tooCostly : encrypted;
}

const latin1 = (bytes: Uint8Array) => String.fromCharCode(...bytes.subarray(0, 64));

/** The SSH wire form: big-endian numbers and length-prefixed strings. */
class SshReader {
  private at = 0;
  private readonly view: DataView;

  constructor(private readonly bytes: Uint8Array) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  uint32(): number | undefined {
    if (this.at + 4 > this.bytes.length) return undefined;
    this.at += 4;
    return this.view.getUint32(this.at - 4);
  }

  string(): Uint8Array | undefined {
    const length = this.uint32();
    if (length === undefined || this.at + length > this.bytes.length) return undefined;
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }
}
