import { decodeBase64 } from "../pem";

/**
 * Reads a server's key as people have it: what ssh and ssh-keygen -l print, lines of known_hosts and of ssh-keyscan, the
 * key itself. Every line is brought to one form, "ssh-ed25519 SHA256:…", "MD5:aa:…" or "ssh-ed25519 AAAA…".
 */
export interface Pin {
  /** "ssh-rsa"; undefined where only a fingerprint is known. */
  type?: string;
  /** "SHA256:…" without padding, "MD5:aa:bb…", or the key in base64. */
  value: string;
}

export type ReadPins = { ok: true; pins: Pin[] } | { ok: false; problem: string };

/** More than one server has keys of. */
const PINS_MAX = 10;

export function readPins(text: string): ReadPins {
  const pins: Pin[] = [];
  const refuse = (problem: string): ReadPins => ({ ok: false, problem });
  if (text.includes("PRIVATE KEY")) return refuse("Is a private key; enter the server's public key or its fingerprint");
  for (const line of text.replace(/\\{1,8}[rn]/g, "\n").split(/[\r\n]+/)) {
    if (isNoise(line)) continue;
    const pin = pinIn(line);
    if (typeof pin === "string") return refuse(pin);
    if (!pins.some((one) => writePin(one) === writePin(pin))) pins.push(pin);
  }
  if (pins.length === 0) return refuse(MUST);
  return pins.length > PINS_MAX ? refuse(TOO_MANY) : { ok: true, pins };
}

export const writePin = ({ type, value }: Pin): string => (type === undefined ? value : `${type} ${value}`);

const MUST =
  "Must be a fingerprint or key of the server, such as ssh-ed25519 SHA256:… (43 characters) or a line of ssh-keyscan";
const TOO_MANY = `Holds more than ${PINS_MAX} keys; enter those of this server alone`;

/** Comments, as ssh-keyscan writes them too, and the picture that ssh-keygen -lv draws. */
const isNoise = (line: string) => /^\s*(?:#|$|\+[-=[])/.test(line) || /^\s*\|[^1].*\|\s*$/.test(line);

function pinIn(line: string): Pin | string {
  if (/^\s*@cert-authority\s/.test(line))
    return "Holds a @cert-authority line, and certificates of servers are not supported; enter the server's own key";
  if (/^\s*@revoked\s/.test(line)) return "Holds a @revoked line; enter the key that the server shows now";
  const words = line
    .split(/[\s"',;]+/)
    .map((word) => word.replace(/^[()<]+|[()>.]+$/g, ""))
    .filter((word) => word !== "");
  for (const word of words) {
    const type = typeOfKey(word);
    if (type !== undefined) return supported(type) ?? { type, value: word };
  }
  const value = words.map(fingerprint).find((one) => one !== undefined);
  if (value === undefined) return MUST;
  const type = typeNamed(line, words);
  return type === undefined ? { value } : (supported(type) ?? { type, value });
}

/** Of a key in SSH's wire form: it begins with the length and the name of its type. */
function typeOfKey(word: string): string | undefined {
  if (!word.startsWith("AAAA")) return undefined;
  const bytes = decodeBase64(word);
  const length = bytes?.[3] ?? 0;
  if (!bytes || bytes.length < 4 + length + 4) return undefined;
  const type = String.fromCharCode(...bytes.subarray(4, 4 + length));
  return /^[a-z0-9@.-]{3,64}$/.test(type) ? type : undefined;
}

const supported = (type: string): string | undefined =>
  /-cert-v0\d/.test(type)
    ? "Is a certificate, and certificates of servers are not supported; enter the server's own key"
    : /^(?:sk-|ssh-dss$|DSA$)/.test(type)
      ? "Is a key of a kind that is not supported; enter the server's Ed25519, ECDSA or RSA key"
      : undefined;

/** In one form for each hash; what stands without a name is told by its length. */
function fingerprint(word: string): string | undefined {
  const [, name = "", digits = ""] = /^(?:(SHA256|MD5)[:=])?(.{32,95})$/i.exec(word) ?? [];
  const hash = name.toUpperCase();
  const hex = HEX.test(digits) ? digits.replaceAll(":", "").toLowerCase() : "";
  if (hex.length === 32 && hash !== "SHA256") return `MD5:${hex.match(/../g)?.join(":")}`;
  if (hash === "MD5") return undefined;
  if (hex.length === 64) return `SHA256:${base64(hex)}`;
  return /^[A-Za-z0-9+/]{43}=?$/.test(digits) ? `SHA256:${digits.slice(0, 43)}` : undefined;
}

const HEX = /^(?:[0-9a-f]{32}|[0-9a-f]{64}|(?:[0-9a-f]{2}:){15}[0-9a-f]{2}|(?:[0-9a-f]{2}:){31}[0-9a-f]{2})$/i;

const base64 = (hex: string) =>
  btoa(String.fromCharCode(...(hex.match(/../g) ?? []).map((pair) => Number.parseInt(pair, 16)))).slice(0, 43);

/** "(ED25519)" at the end as ssh-keygen writes it, else a name of SSH's in front of the fingerprint. */
function typeNamed(line: string, words: string[]): string | undefined {
  const [, short] = /\(([A-Z0-9-]{2,20})\)\s*$/.exec(line) ?? [];
  const before = words.slice(
    0,
    words.findIndex((word) => fingerprint(word) !== undefined),
  );
  if (short === undefined && before.length > 3) return shortType(before[0] ?? "", before);
  const [first = ""] = before;
  return short === undefined ? (shortType(first, before) ?? longType(first)) : shortType(short, before);
}

const longType = (name: string) =>
  /^rsa-sha2-(?:256|512)$/.test(name) ? "ssh-rsa" : /^[a-z][a-z0-9@.-]{2,63}$/.test(name) ? name : undefined;

/** ECDSA's curve is told by its bits, where they are given. */
function shortType(name: string, before: string[]): string | undefined {
  if (name === "ED25519") return "ssh-ed25519";
  if (name === "RSA") return "ssh-rsa";
  if (name === "DSA" || name.endsWith("-SK") || name.endsWith("-CERT")) return "ssh-dss";
  const bits = before.find((word) => /^(?:256|384|521)$/.test(word));
  return name === "ECDSA" && bits ? `ecdsa-sha2-nistp${bits}` : undefined;
}
