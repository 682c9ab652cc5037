import { execFileSync } from "node:child_process";
import { createPrivateKey, generateKeyPairSync } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { parseData } from "../define";
import { definition } from "./definition";
import { openPrivateKey } from "./open-key";
import { pasteKey, pasteServer } from "./paste";
import { readPrivateKey } from "./private-key";

const folder = mkdtempSync(join(tmpdir(), "latchkey-keys-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let made = 0;
function sshKeygen(...options: string[]): string {
  const file = join(folder, `key${made++}`);
  execFileSync("ssh-keygen", ["-q", ...(options.includes("-N") ? [] : ["-N", ""]), ...options, "-f", file]);
  return readFileSync(file, "utf8");
}

const pkcs8 = (options: object = {}) =>
  generateKeyPairSync("ed25519")
    .privateKey.export({ type: "pkcs8", format: "pem", ...options })
    .toString();

const openssl = (input: string, ...options: string[]) =>
  execFileSync("openssl", options, { input, encoding: "utf8", stdio: ["pipe", "pipe", "ignore"] });

test("formats and encryption are recognised without opening anything", () => {
  const encrypted = { cipher: "aes-256-cbc", passphrase: "pass phrase" };
  const rows: [string, string, boolean][] = [
    [sshKeygen("-t", "ed25519"), "openssh", false],
    [sshKeygen("-t", "ed25519", "-N", "pass phrase"), "openssh", true],
    [sshKeygen("-t", "rsa", "-b", "2048", "-m", "PEM"), "pkcs1", false],
    [sshKeygen("-t", "rsa", "-b", "2048", "-m", "PEM", "-N", "pass phrase"), "pkcs1", true],
    [openssl("", "ecparam", "-genkey", "-name", "prime256v1"), "sec1", false],
    [pkcs8(), "pkcs8", false],
    [pkcs8(encrypted), "pkcs8", true],
  ];
  for (const [text, format, isEncrypted] of rows) {
    expect(readPrivateKey(text)).toMatchObject({ ok: true, format, encrypted: isEncrypted });
    expect(openPrivateKey(text, isEncrypted ? "pass phrase" : undefined).ok).toBe(true);
    expect(openPrivateKey(text, isEncrypted ? "wrong" : undefined).ok).toBe(!isEncrypted);
  }
});

test("the stored text is in good order, and putting it in order again changes nothing", () => {
  const tidy = sshKeygen("-t", "ed25519");
  for (const text of [
    tidy,
    tidy.replaceAll("\n", "\r\n"),
    tidy.replaceAll("\n", "\\n"),
    tidy.replaceAll("\n", "\n\t "),
    tidy.trim().replaceAll("\n", " "),
  ]) {
    const read = readPrivateKey(text);
    expect(read.ok && readPrivateKey(read.pem)).toEqual(read);
    expect(openPrivateKey(text, undefined).ok).toBe(true);
  }
  const old = sshKeygen("-t", "rsa", "-b", "2048", "-m", "PEM", "-N", "pass phrase");
  expect(openPrivateKey(old.replaceAll("\n", "\r\n  "), "pass phrase").ok).toBe(true);
});

test.each([
  ["nothing", "hello", /Must be a private key/],
  ["a public key", "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIA== ana@example", /Is the public key/],
  ["a public key in PEM", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----", /Is the public key/],
  ["a certificate", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----", /Is a certificate/],
  ["a PuTTY key", "PuTTY-User-Key-File-3: ssh-ed25519\n", /puttygen/],
  ["a DSA key", "-----BEGIN DSA PRIVATE KEY-----\nAAAA\n-----END DSA PRIVATE KEY-----", /not supported/],
  ["half a key", "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEA", /cut off/],
  ["no base64", "-----BEGIN PRIVATE KEY-----\n!!!!\n-----END PRIVATE KEY-----", /damaged/],
  ["too long a text", `-----BEGIN PRIVATE KEY-----${"A".repeat(17_000)}`, /16 KiB/],
  ["two keys", `${pkcs8()}${pkcs8()}`, /exactly one/],
])("%s is refused with words that help", (_, text, words) => {
  const read = readPrivateKey(text);
  expect(read).toMatchObject({ ok: false, problem: expect.stringMatching(words) });
});

test("a header that asks for hours of work is refused before any work is done", () => {
  const rounds = (count: number) => forgeRounds(sshKeygen("-t", "ed25519", "-N", "pass phrase", "-a", "16"), count);
  const iterations = (count: number) =>
    openssl(pkcs8(), "pkcs8", "-topk8", "-iter", String(count), "-passout", "pass:pw");
  const scrypt = openssl(pkcs8(), "pkcs8", "-topk8", "-scrypt", "-passout", "pass:pw");
  const costly = [
    ...[129, 200, 2 ** 31].map(rounds),
    forgeCount(iterations(2048), 2048, 20_000_000),
    forgeCount(scrypt, 16_384, 2 ** 18),
  ];
  const before = process.cpuUsage();
  for (const text of costly) {
    expect(readPrivateKey(text)).toMatchObject({ ok: false, problem: expect.stringContaining("too much work") });
    expect(openPrivateKey(text, "pw").ok).toBe(false);
  }
  expect(process.cpuUsage(before).user).toBeLessThan(100_000);
  for (const count of [64, 100, 128]) expect(readPrivateKey(rounds(count)).ok).toBe(true);
  for (const text of [iterations(2048), scrypt]) expect(openPrivateKey(text, "pw").ok).toBe(true);
});

test("keys that this product cannot use are told apart from broken ones", () => {
  const ed448 = generateKeyPairSync("ed448").privateKey.export({ type: "pkcs8", format: "pem" }).toString();
  expect(openPrivateKey(ed448, undefined)).toMatchObject({ ok: false, code: "key_unsupported" });
  const koblitz = generateKeyPairSync("ec", { namedCurve: "secp256k1" }).privateKey.export({
    type: "pkcs8",
    format: "pem",
  });
  expect(openPrivateKey(koblitz.toString(), undefined)).toMatchObject({ ok: false, code: "key_unsupported" });
  const whole = sshKeygen("-t", "ed25519");
  const middle = Math.floor(whole.length / 2);
  const bent = `${whole.slice(0, middle)}${whole[middle] === "A" ? "B" : "A"}${whole.slice(middle + 1)}`;
  expect(openPrivateKey(bent, undefined)).toMatchObject({ ok: false, code: "key_unreadable" });
});

test("no text makes the reader throw", () => {
  const pem = fc.tuple(fc.constantFrom("OPENSSH ", "RSA ", "ENCRYPTED ", ""), fc.uint8Array({ maxLength: 400 }));
  fc.assert(
    fc.property(pem, ([kind, bytes]) => {
      const body = Buffer.concat([
        kind === "OPENSSH " ? Buffer.from("openssh-key-v1\0") : Buffer.alloc(0),
        bytes,
      ]).toString("base64");
      const text = `-----BEGIN ${kind}PRIVATE KEY-----\n${body}\n-----END ${kind}PRIVATE KEY-----`;
      return typeof readPrivateKey(text).ok === "boolean";
    }),
  );
  fc.assert(fc.property(fc.string(), (text) => !readPrivateKey(text).ok));
});

test("an encrypted key needs its passphrase before it is stored", () => {
  const method = definition.methods.find(({ type }) => type === "key_file");
  if (!method) throw new Error("No such method");
  const place = { host: "h.example", username: "u" };
  const private_key_data = pkcs8({ cipher: "aes-256-cbc", passphrase: "pw" });
  expect(parseData(method, { ...place, private_key_data })).toMatchObject({
    problems: [{ path: ["passphrase"], code: "missing" }],
  });
  const parsed = parseData(method, { ...place, private_key_data, private_key_passphrase: "pw" });
  expect(parsed).toMatchObject({ ok: true, data: { port: 22, test_path: ".", passphrase: "pw" } });
});

test("a pasted address or key fills the form", () => {
  const all = { host: "h.example", port: 2222, username: "ann", password: "p@ss", test_path: "/in/box" };
  expect(pasteServer(" sftp://ann:p%40ss@h.example:2222/in/box\n")).toEqual({ ok: true, data: all });
  expect(pasteServer("sftp://h.example/")).toEqual({ ok: true, data: { host: "h.example", port: 22 } });
  expect(pasteServer("sftp://ann@[2001:db8::1]:22")).toMatchObject({
    data: { host: "[2001:db8::1]", port: 22, username: "ann" },
  });
  for (const text of [
    "sftp://",
    "sftp://h:99999",
    "sftp://a%zz@h",
    "sftp://u:p/w@h",
    "ftp://h.example",
    "https://h.example",
  ])
    expect(pasteServer(text)).toEqual({ ok: false, problem: expect.stringMatching(/^(Must|Write) /) });
  expect(pasteServer("sftp://ann:<password>@h")).toMatchObject({ data: { username: "ann" }, blank: ["password"] });
  const { password: _, ...withoutPassword } = all;
  expect(pasteKey("sftp://ann:p%40ss@h.example:2222/in/box")).toEqual({ ok: true, data: withoutPassword });
  const key = pkcs8();
  expect(pasteKey(key)).toEqual({ ok: true, data: { private_key: expect.stringContaining("BEGIN PRIVATE KEY") } });
  const pasted = pasteKey(key);
  expect(createPrivateKey(pasted.ok ? String(pasted.data.private_key) : "").asymmetricKeyType).toBe("ed25519");
  const putty = "PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none\n";
  const { problem } = readPrivateKey(putty) as { problem: string };
  expect(problem).toContain("PuTTY");
  expect(pasteKey(putty)).toEqual({ ok: false, problem });
});

/** Writes another number of bcrypt rounds into an OpenSSH key: it follows the 16 bytes of salt. */
function forgeRounds(pem: string, rounds: number): string {
  return rewrite(pem, (bytes) => {
    const options = bytes.indexOf("bcrypt") + 6;
    bytes.writeUInt32BE(rounds, options + 4 + 4 + 16);
    return bytes;
  });
}

/** Replaces a count of two bytes by a larger one of four, and mends the lengths around it. */
function forgeCount(pem: string, from: number, count: number): string {
  return rewrite(pem, (bytes) => {
    const at = bytes.indexOf(Buffer.from([0x02, 0x02, from >> 8, from & 0xff]));
    const larger = Buffer.alloc(6, 0x02);
    larger[1] = 4;
    larger.writeUInt32BE(count, 2);
    const grown = Buffer.concat([bytes.subarray(0, at), larger, bytes.subarray(at + 4)]);
    // Every sequence that encloses the count is two bytes longer now; all have lengths of one byte, or two at the outside.
    for (let i = 0; i < at; i++) {
      const length = bytes[i + 1] ?? 0;
      if (bytes[i] === 0x30 && length < 0x80 && i + 2 + length > at) grown[i + 1] = length + 2;
      if (bytes[i] === 0x30 && length === 0x81) grown[i + 2] = (bytes[i + 2] ?? 0) + 2;
    }
    return grown;
  });
}

function rewrite(pem: string, change: (bytes: Buffer) => Buffer): string {
  const lines = pem.trim().split("\n");
  const bytes = change(Buffer.from(lines.slice(1, -1).join(""), "base64"));
  return [lines[0], bytes.toString("base64"), lines.at(-1)].join("\n");
}
