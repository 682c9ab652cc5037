import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { makeAuthority } from "@/test/servers/certificates";
import { isCertificateBundle } from "./certificate";
import { CERTIFICATES_MAX, certificatesProblem } from "./certificate-text";
import { parseData } from "./define";
import { definition } from "./postgresql/definition";
import { openPrivateKey } from "./sftp/open-key";
import { pasteKey } from "./sftp/paste";
import { readPrivateKey } from "./sftp/private-key";

const folder = mkdtempSync(join(tmpdir(), "latchkey-mended-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const path = (name: string) => join(folder, name);
let made = 0;
function sshKeygen(...options: string[]): string {
  const file = path(`key${made++}`);
  execFileSync("ssh-keygen", ["-q", ...options, "-f", file]);
  return readFileSync(file, "utf8");
}
const openssl = (...options: string[]) => execFileSync("openssl", options, { encoding: "utf8", stdio: "pipe" });
const LEGACY = ["-provider", "legacy", "-provider", "default"];

/** What copying does to a text, each alone and any of them together. */
const DAMAGE: Record<string, (text: string) => string> = {
  "line ends of Windows": (text) => text.replaceAll("\n", "\r\n"),
  "line ends of old Macs": (text) => text.replaceAll("\n", "\r"),
  "newlines written out": (text) => text.replaceAll("\n", "\\n"),
  "newlines written out twice": (text) => text.replaceAll("\n", "\\\\n"),
  "slashes as PHP writes them": (text) => text.replaceAll("/", "\\/"),
  "all on one line": (text) => text.replaceAll("\n", " "),
  "newlines gone": (text) => text.replaceAll("\n", ""),
  indentation: (text) => text.replaceAll("\n", "\n\t  "),
  "spaces at the ends of lines": (text) => text.replaceAll("\n", "  \n"),
  "empty lines": (text) => text.replaceAll("\n", "\n\n"),
  "quotes round it": (text) => `"${text}"`,
  "quotes round each line": (text) =>
    text
      .trim()
      .split("\n")
      .map((line) => `"${line}",`)
      .join("\n"),
  "a byte order mark": (text) => `\ufeff${text}`,
  "hard spaces": (text) => text.replaceAll(" ", "\u00a0"),
  "long dashes": (text) => text.replaceAll("-----", "\u2014\u2013"),
  "no final newline": (text) => text.trimEnd(),
  "words around it": (text) => `key: ${text}\nthat was it`,
};
const damages = fc.subarray(Object.keys(DAMAGE), { minLength: 1, maxLength: 4 });
const damaged = (text: string, names: string[]) => names.reduce((all, name) => DAMAGE[name]?.(all) ?? all, text);

const KEYS: [string, string, string | undefined][] = [
  ["OpenSSH", sshKeygen("-t", "ed25519", "-N", ""), undefined],
  ["OpenSSH, encrypted", sshKeygen("-t", "ed25519", "-N", "pass phrase", "-a", "1"), "pass phrase"],
  ["PKCS#1", sshKeygen("-t", "rsa", "-b", "2048", "-m", "PEM", "-N", ""), undefined],
  ["PKCS#1, encrypted", sshKeygen("-t", "rsa", "-b", "2048", "-m", "PEM", "-N", "pass phrase"), "pass phrase"],
  ["SEC1, triple DES", openssl("ec", "-in", keyFile("P-256"), "-des3", "-passout", "pass:pass phrase"), "pass phrase"],
  ["PKCS#8", openssl("genpkey", "-algorithm", "ed25519"), undefined],
  [
    "PKCS#8, encrypted",
    openssl("pkcs8", "-topk8", "-in", keyFile("P-256"), "-iter", "10", "-passout", "pass:pass phrase"),
    "pass phrase",
  ],
];
function keyFile(curve: string): string {
  const file = path(`${curve}.pem`);
  openssl("ecparam", "-genkey", "-noout", "-name", curve, "-out", file);
  return file;
}

test.each(KEYS)("a key is mended, whatever copying did to it: %s", (_, key, passphrase) => {
  const whole = readPrivateKey(key);
  expect(whole.ok).toBe(true);
  for (const name of Object.keys(DAMAGE)) expect([name, readPrivateKey(damaged(key, [name]))]).toEqual([name, whole]);
  fc.assert(
    fc.property(damages, (names) => {
      expect(readPrivateKey(damaged(key, names))).toEqual(whole);
    }),
    { numRuns: 150 },
  );
  expect(whole.ok && openPrivateKey(whole.pem, passphrase).ok).toBe(true);
});

const authority = makeAuthority(folder).certificate;
const method = definition.methods[0];
const storedCa = (ssl_ca: string) => {
  if (!method) throw new Error("No such method");
  const parsed = parseData(method, { ...method.example, ssl_ca });
  return parsed.ok ? parsed.data.ssl_ca : parsed.problems;
};

test("certificate authorities are mended as keys are", () => {
  const bundle = authority.repeat(3);
  for (const name of Object.keys(DAMAGE)) expect([name, storedCa(damaged(bundle, [name]))]).toEqual([name, bundle]);
  fc.assert(
    fc.property(damages, (names) => {
      expect(storedCa(damaged(bundle, names))).toEqual(bundle);
    }),
    { numRuns: 150 },
  );
});

test("bundles of a hundred authorities and more are taken, up to 240 KiB, and read without effort", () => {
  const bundle = authority.repeat(Math.floor(CERTIFICATES_MAX / authority.length));
  expect(bundle.length).toBeGreaterThan(240_000);
  const before = process.cpuUsage();
  expect(storedCa(bundle)).toBe(bundle);
  expect(isCertificateBundle(bundle)).toBe(true);
  expect(process.cpuUsage(before).user).toBeLessThan(2_000_000);
  expect(storedCa(`${bundle}${authority}`)).toMatchObject([{ path: ["ssl_ca"], message: "Must be at most 240 KiB" }]);
});

test.each([
  ["a private key beside it", `${authority}-----BEGIN PRIVATE KEY-----`, /private key/],
  ["half a certificate", authority.slice(0, 200), /cut off/],
  ["one whole and one half", `${authority}${authority.slice(0, 200)}`, /cut off/],
  ["OpenSSL's own form", authority.replaceAll("CERTIFICATE", "TRUSTED CERTIFICATE"), /openssl x509/],
  ["PKCS#7", "-----BEGIN PKCS7-----\nAAAA\n-----END PKCS7-----", /openssl pkcs7/],
  ["a request", "-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----", /request/],
  ["nothing", "hello", /Must be one or more certificates/],
])("%s is no authority, and told", (_, text, words) => expect(certificatesProblem(text)).toMatch(words));

test.each([
  [
    "PBE-MD5-DES",
    () =>
      openssl(
        "pkcs8",
        "-topk8",
        "-v1",
        "PBE-MD5-DES",
        "-in",
        keyFile("P-384"),
        "-passout",
        "pass:pass phrase",
        ...LEGACY,
      ),
  ],
  [
    "PBES2 with DES",
    () =>
      openssl("pkcs8", "-topk8", "-v2", "des-cbc", "-in", keyFile("P-384"), "-passout", "pass:pass phrase", ...LEGACY),
  ],
  [
    "PBES2 with Blowfish",
    () =>
      openssl("pkcs8", "-topk8", "-v2", "bf-cbc", "-in", keyFile("P-384"), "-passout", "pass:pass phrase", ...LEGACY),
  ],
  [
    "DES in the old form",
    () => openssl("ec", "-in", keyFile("P-384"), "-des", "-passout", "pass:pass phrase", ...LEGACY),
  ],
  ["ChaCha20", () => sshKeygen("-t", "ed25519", "-N", "pass phrase", "-a", "1", "-Z", "chacha20-poly1305@openssh.com")],
])("encryption that is not supported is named, and the command told converts it: %s", (_, make) => {
  const key = make();
  const opened = openPrivateKey(key, "pass phrase");
  if (opened.ok) throw new Error("It opens");
  expect(opened).toMatchObject({
    field: "private_key",
    problem: expect.stringContaining("in a way that is not supported"),
  });
  writeFileSync(path("old"), key, { mode: 0o600 });
  const [command = "", ...options] = opened.problem.split("encrypt it anew with ")[1]?.split(" ") ?? [];
  const isOpenssl = command === "openssl";
  const files = options.map((one) => (one === "key" ? path("old") : one === "new-key" ? path("new") : one));
  const passphrases = isOpenssl
    ? ["-passin", "pass:pass phrase", "-passout", "pass:pass phrase"]
    : ["-P", "pass phrase", "-N", "pass phrase"];
  execFileSync(command, [...files, ...passphrases], { stdio: "pipe" });
  expect(openPrivateKey(readFileSync(path(isOpenssl ? "new" : "old"), "utf8"), "pass phrase").ok).toBe(true);
});

test("keys of other kinds are called not supported in each form", () => {
  const koblitz = keyFile("secp256k1");
  const sealed = ["-passout", "pass:pass phrase"];
  const keys = [
    readFileSync(koblitz, "utf8"),
    openssl("ec", "-in", koblitz, "-aes256", ...sealed),
    openssl("pkcs8", "-topk8", "-in", koblitz, ...sealed),
    openssl("genpkey", "-algorithm", "ed448"),
    openssl("genpkey", "-algorithm", "x25519"),
    sshKeygen("-t", "dsa", "-N", ""),
    sshKeygen("-t", "dsa", "-N", "", "-m", "PEM"),
  ];
  for (const key of keys)
    expect(openPrivateKey(key, "pass phrase")).toMatchObject({
      problem: expect.stringContaining("kind that is not supported"),
    });
});

test.each([
  [
    "an encrypted key of ssh.com's",
    "---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----\nAAAA\n---- END SSH2 ENCRYPTED PRIVATE KEY ----",
    /ssh-keygen -i/,
  ],
  [
    "a public key of ssh.com's",
    "---- BEGIN SSH2 PUBLIC KEY ----\nAAAA\n---- END SSH2 PUBLIC KEY ----",
    /Is the public key/,
  ],
  ["a certificate of SSH's", "ssh-ed25519-cert-v01@openssh.com AAAA ana", /-cert-v01/],
  ["half of a security key", "sk-ssh-ed25519@openssh.com AAAA ana", /\(sk-\)/],
  ["a PGP key", "-----BEGIN PGP PRIVATE KEY BLOCK-----\n\nAAAA\n-----END PGP PRIVATE KEY BLOCK-----", /PGP/],
  ["a PuTTY key", "PuTTY-User-Key-File-2: ssh-rsa\nEncryption: none", /puttygen/],
  [
    "a key without its first and last line",
    sshKeygen("-t", "ed25519", "-N", "").split("\n").slice(1, -2).join("\n"),
    /first and last line/,
  ],
])("%s is told apart, in the box for pasting too", (_, text, words) => {
  expect(readPrivateKey(text)).toMatchObject({ ok: false, problem: expect.stringMatching(words) });
  expect(pasteKey(text)).toMatchObject({ ok: false, problem: expect.stringMatching(words) });
});
