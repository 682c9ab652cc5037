import "server-only";
import { execFile } from "node:child_process";
import { constants, createPublicKey, publicEncrypt } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { keyServiceEnvironment } from "@/lib/platform/env";
import { KeyServiceFailure } from "../failure";
import type { KeyService } from "../service";

/**
 * A hardware module behind PKCS #11, by OpenSC's `pkcs11-tool`, which must be installed. The key is the RFC 7512 address of an RSA key
 * pair: pkcs11:token=NAME;id=%01?module-path=/usr/lib/…/module.so. The PIN is LATCHKEY_PKCS11_PIN, or in the file of the address's
 * pin-source. Wrapping needs the public key alone; unwrapping happens inside the module (RSA-OAEP with SHA-1, which every module has).
 */
export const pkcs11: KeyService = {
  async wrap(key, bytes) {
    const place = placeOf(key);
    const spki = await tool(place, ["--read-object", "--type", "pubkey", "--id", place.id]);
    return publicEncrypt({ key: createPublicKey({ key: spki, format: "der", type: "spki" }), ...OAEP }, bytes);
  },
  async unwrap(key, bytes) {
    const place = placeOf(key);
    const sign = ["--login", "--pin", "env:LATCHKEY_PKCS11_PIN"];
    const oaep = ["--mechanism", "RSA-PKCS-OAEP", "--hash-algorithm", "SHA-1", "--mgf", "MGF1-SHA1"];
    return inFile(bytes, (file) =>
      tool(place, [...sign, "--decrypt", ...oaep, "--id", place.id, "--input-file", file]),
    );
  },
};

const OAEP = { padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: "sha1" };

interface Place {
  module: string;
  token: string;
  /** Of the key pair, in hexadecimal: the tool does not find private keys by their label. */
  id: string;
  pinSource: string | undefined;
}

function placeOf(key: string): Place {
  const [, path = "", query = ""] = /^pkcs11:([^?]*)(?:\?(.*))?$/.exec(key) ?? [];
  const parts = new Map<string, Buffer>();
  for (const one of [...path.split(";"), ...query.split("&")]) {
    const at = one.indexOf("=");
    if (at > 0) parts.set(one.slice(0, at), bytesOf(one.slice(at + 1)));
  }
  const [module, token, id] = ["module-path", "token", "id"].map((name) => parts.get(name));
  if (!module?.length || !token?.length || !id?.length) throw new KeyServiceFailure("refused", "not_a_pkcs11_address");
  const pinSource = parts
    .get("pin-source")
    ?.toString("utf8")
    .replace(/^file:(\/\/)?/, "");
  return { module: module.toString("utf8"), token: token.toString("utf8"), id: id.toString("hex"), pinSource };
}

/** Percent-encoding stands for bytes here, which need not be text. */
const bytesOf = (text: string): Buffer =>
  Buffer.from(
    encodeURI(text)
      .replaceAll(/%25([0-9a-f]{2})/gi, "%$1")
      .replaceAll(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    "latin1",
  );

/** The PIN goes by the environment, which only this user can read; never in the arguments, which everybody can. */
async function tool({ module, token, pinSource }: Place, args: string[]): Promise<Buffer> {
  const environment = keyServiceEnvironment();
  const pin = pinSource ? await pinIn(pinSource) : environment.LATCHKEY_PKCS11_PIN;
  if (args.includes("--login") && !pin) throw new KeyServiceFailure("refused", "no_pin");
  const env = { ...environment, ...(pin && { LATCHKEY_PKCS11_PIN: pin }) };
  const given = ["--module", module, "--token-label", token, ...args];
  const options = { env, encoding: "buffer", timeout: TIME_MS, killSignal: "SIGKILL" } as const;
  return new Promise((resolve, reject) => {
    execFile("pkcs11-tool", given, options, (error, out, words) => {
      if (!error) return resolve(out);
      if (error.code === "ENOENT") return reject(new KeyServiceFailure("refused", "pkcs11_tool_is_missing"));
      reject(failureOf(words.toString("latin1"), error.killed === true));
    });
  });
}

/** The tool reads a file, and none of Node's pipes. What is in it is wrapped; what comes out, it says on its output. */
async function inFile<T>(bytes: Buffer, work: (file: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "latchkey-pkcs11-"));
  try {
    const file = join(folder, "wrapped");
    await writeFile(file, bytes, { mode: 0o600 });
    return await work(file);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function pinIn(file: string): Promise<string> {
  try {
    return (await readFile(file, "utf8")).trim();
  } catch {
    throw new KeyServiceFailure("refused", "no_pin");
  }
}

const TIME_MS = 10_000;

/** The module's own word for it stands at the end of what the tool says. */
function failureOf(words: string, killed: boolean): KeyServiceFailure {
  const code = /\brv = (CKR_[A-Z_]+)/.exec(words)?.[1];
  if (killed) return new KeyServiceFailure("unreachable", "no_answer");
  if (code) return new KeyServiceFailure(PASSING.has(code) ? "unreachable" : "refused", code);
  // A module that is not there, or has no such token, may be plugged in again.
  if (/No slot|Failed to load/i.test(words)) return new KeyServiceFailure("unreachable", "no_token");
  return new KeyServiceFailure("refused", /not found/i.test(words) ? "no_such_key" : "unknown");
}

const PASSING = new Set([
  "CKR_DEVICE_ERROR",
  "CKR_DEVICE_REMOVED",
  "CKR_TOKEN_NOT_PRESENT",
  "CKR_HOST_MEMORY",
  "CKR_GENERAL_ERROR",
]);
