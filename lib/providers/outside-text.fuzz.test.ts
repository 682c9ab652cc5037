import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import sshpk from "sshpk";
import { afterAll, describe, expect, test } from "vitest";
import { depthOf } from "@/lib/platform/json-depth";
import { outsideJson } from "@/lib/platform/net/bounded-json";
import { makeAuthority } from "@/test/servers/certificates";
import { memberOf } from "./api-call";
import { pasteAwsKeys } from "./aws-ses/paste";
import { pasteConnectionString as pasteConnectionStringOfAzure, pasteSharedAccess } from "./azure-blob/paste";
import { kinds } from "./catalog/registry";
import { maskedUrl, placeOfUrl } from "./catalog/url-place";
import { certificateProblem, describeCertificate, expiry, isCertificateBundle } from "./certificate";
import { certificatesProblem, mendCertificates } from "./certificate-text";
import { isHost } from "./host-syntax";
import { readPaste } from "./pasting/index";
import { readConnectionString, unwrapConnectionString } from "./postgresql/connection-string";
import { pasteConnectionString } from "./postgresql/paste";
import { pasteServicePrincipal } from "./service-principal";
import { readPins } from "./sftp/host-key-pins";
import { openPrivateKey } from "./sftp/open-key";
import { pasteKey, pasteServer } from "./sftp/paste";
import { readPrivateKey } from "./sftp/private-key";

/**
 * Whatever text comes from outside, a reader of it answers: no exception that nobody foresaw, no search that grows faster
 * than the text, no depth that ends the process.
 */
const folder = mkdtempSync(join(tmpdir(), "latchkey-fuzz-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The readers of the catalogue's kinds, each as one of them uses it. */
const ofReaders = new Map(
  kinds().flatMap(({ paste = [] }) =>
    paste.map((one) => ["reader" in one ? `pasted ${one.reader}` : "pasted settings", one] as const),
  ),
);

const READERS: Record<string, (text: string) => unknown> = {
  connectionString: readConnectionString,
  wrappedConnectionString: unwrapConnectionString,
  pastedConnectionString: pasteConnectionString,
  host: isHost,
  placeOfUrl,
  maskedUrl,
  ...Object.fromEntries([...ofReaders].map(([reader, use]) => [reader, (text: string) => readPaste([use], text)])),
  pastedServer: pasteServer,
  pastedKey: pasteKey,
  pastedAwsKeys: pasteAwsKeys,
  privateKey: readPrivateKey,
  openedKey: (text) => openPrivateKey(text, undefined),
  openedKeyWithPassphrase: (text) => openPrivateKey(text, "passphrase"),
  certificates: isCertificateBundle,
  certificateText: (text) => [certificatesProblem(text), mendCertificates(text)],
  hostKeys: readPins,
  servicePrincipal: pasteServicePrincipal,
  azureConnectionString: pasteConnectionStringOfAzure,
  sharedAccess: pasteSharedAccess,
  json: outsideJson,
  memberOfAnswer: (body) => memberOf({ status: 200, headers: {}, body }, "error"),
};

const pair = generateKeyPairSync("ed25519");
const pkcs8 = pair.privateKey.export({ type: "pkcs8", format: "pem" }).toString();
const ec = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey;
const rsa = generateKeyPairSync("rsa", { modulusLength: 2_048 }).privateKey;
const sealed = { type: "pkcs8", format: "pem", cipher: "aes-256-cbc", passphrase: "passphrase" } as const;
const certificate = makeAuthority(folder).certificate;

/** Good ones of each kind, from which bad ones are made. */
const GOOD = [
  pkcs8,
  sshpk.parsePrivateKey(pkcs8, "pkcs8").toString("openssh"),
  ec.export({ type: "sec1", format: "pem" }).toString(),
  rsa.export({ type: "pkcs1", format: "pem" }).toString(),
  ec.export(sealed).toString(),
  certificate,
  `${certificate}${pkcs8}`,
  "postgresql://us%20er:p%40ss@[2001:db8::1]:5432/app?sslmode=require&connect_timeout=5",
  "sftp://alice:s3cret@files.example.com:2222/incoming/a%20b",
  "mongodb+srv://u:p@a.example.com,b.example.com:27017/db?retryWrites=true",
  '{"appId":"a","password":"b","tenant":"c"}',
  "host=h.example.com port=5432 dbname='my app' user=u password='it\\'s' sslmode=require",
  'Host=h;Port=5432;Username=u;Password="a;b";Database=d;SSL Mode=Require',
  "PGPASSWORD='a b' psql -h h.example.com -p 5432 -U u --dbname=app",
  'export DB_HOST=h\nDB_PORT: 5432\n"DB_PASSWORD": "p",\n$env:DB_USER = \'u\'',
  "Host files\n  HostName h.example.com\n  User ann\n  Port 2222\n  IdentityFile ~/.ssh/id",
  "sftp -P 2222 -oUser=ann -i ~/.ssh/id ann@[2001:db8::1]:/in/box",
  '{"error":{"code":401,"message":"no"},"error_codes":[50173]}',
  'Server=tcp:h.example,1433;Initial Catalog=d;User ID=u;Password="a;b";Encrypt=True;',
  "jdbc:sqlserver://h.example\\i:1433;databaseName=d;user=u;password={a}}b}",
  "jdbc:oracle:thin:u/p@(DESCRIPTION=(ADDRESS=(PROTOCOL=TCPS)(HOST=h)(PORT=1))(CONNECT_DATA=(SERVICE_NAME=s)))",
  'sqlplus u/"p@x"@//h.example:1521/s:dedicated',
  '{"type":"service_account","client_email":"a@b.c","private_key":"k","token_uri":"https://oauth2.googleapis.com/token"}',
  '{"auths":{"registry.example.com":{"auth":"dTpw"}}}',
  "//npm.example.com/a/:_authToken=abc",
  "machine h.example login u password p",
  "Access key ID,Secret access key\nAK,SK",
];

const odd = fc.constantFrom(
  ...["\u0000", "\ud800", "\u202e", "%", "%zz", "%ff", "@", ":", "/", "?", "#", "[", "]", ",", "\\n", "\r\n", "=", "A"],
  ...["-----BEGIN ", "-----END ", "PRIVATE KEY-----", "Proc-Type: 4,ENCRYPTED", "{", '"', "\\"],
);
/** A good text with a few places overwritten, cut out or doubled. */
const damaged = fc
  .tuple(
    fc.constantFrom(...GOOD),
    fc.array(fc.tuple(fc.nat(), fc.nat({ max: 40 }), fc.oneof(odd, fc.string({ maxLength: 8 }), fc.constant(""))), {
      minLength: 1,
      maxLength: 6,
    }),
  )
  .map(([good, changes]) =>
    changes.reduce((text, [where, length, put]) => {
      const at = text.length === 0 ? 0 : where % text.length;
      return text.slice(0, at) + put + text.slice(at + length);
    }, good),
  );
/** A key whose base64 is whole and whose bytes are not. */
const wrongInside = fc
  .tuple(
    fc.constantFrom(...GOOD.filter((text) => text.startsWith("-----"))),
    fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { minLength: 1, maxLength: 8 }),
  )
  .map(([pem, changes]) => {
    const [first = "", ...rest] = pem.trim().split("\n");
    const last = rest.pop() ?? "";
    const bytes = Buffer.from(rest.join(""), "base64");
    for (const [at, value] of changes) bytes[at % bytes.length] = value;
    return [first, bytes.toString("base64"), last, ""].join("\n");
  });
const any = fc.oneof(
  fc.string({ unit: "binary", maxLength: 300 }),
  fc.array(odd, { maxLength: 200 }).map((parts) => parts.join("")),
  damaged,
  wrongInside,
);

test.each(Object.entries(READERS))("%s answers for any text", (_name, read) => {
  fc.assert(
    fc.property(any, (text) => {
      read(text);
    }),
    { numRuns: 1_500, interruptAfterTimeLimit: 3_000 },
  );
});

describe("texts of the largest size, made to be searched again and again", () => {
  const long = (part: string) => part.repeat(Math.floor(16_000 / part.length));
  const texts = [
    ...[
      "-----BEGIN A-----",
      "-----BEGIN ",
      "-----END CERTIFICATE-----",
      "a.",
      "a@",
      "a:",
      "%61",
      "[",
      "{",
      " ",
      "\\n",
      "'",
      "A=",
      "psql ",
      "export ",
    ].map(long),
    `postgresql://${long("a")}@${long("b.")}/c`,
    `postgresql://u:p@h/d?${long("a=1&")}`,
    `sftp://${long("%41")}`,
    `-----BEGIN PRIVATE KEY-----\n${long("A")}\n-----END PRIVATE KEY-----`,
    `-----BEGIN CERTIFICATE-----\n${long("A")}\n-----END CERTIFICATE-----`,
  ];
  test.each(Object.entries(READERS))("%s answers", (_name, read) => {
    for (const text of texts) read(text);
  });
});

test("what is read is what was written: a string made of its parts comes apart into them", () => {
  const part = fc
    .string({ unit: "grapheme", minLength: 1, maxLength: 20 })
    .filter((text) => text.isWellFormed() && !text.includes("\0"));
  fc.assert(
    fc.property(part, part, part, fc.integer({ min: 1, max: 65_535 }), (user, password, database, port) => {
      const [u, p, d] = [user, password, database].map(encodeURIComponent);
      const read = readConnectionString(`postgresql://${u}:${p}@db.example.com:${port}/${d}`);
      expect(read).toEqual({ ok: true, value: { user, password, host: "db.example.com", port, database, tuning: [] } });
    }),
    { numRuns: 500, interruptAfterTimeLimit: 3_000 },
  );
});

test("certificates of a peer are described in harmless words, whatever stands in them", () => {
  const field = fc.oneof(fc.string({ unit: "binary", maxLength: 200 }), fc.constant(undefined));
  fc.assert(
    fc.property(field, field, field, field, (CN, O, from, to) => {
      const presented = { issuer: { CN, O }, valid_from: from, valid_to: to, subject: {}, subjectaltname: CN } as never;
      expect(describeCertificate(presented)).not.toMatch(/[<>&\p{Cc}\p{Cf}]/u);
      expiry(presented);
      certificateProblem("verify-full", "db.example.com", { certificate: presented, chainError: undefined });
    }),
    { numRuns: 500, interruptAfterTimeLimit: 3_000 },
  );
});

test("JSON is measured before it is parsed, in one pass, and never deeper than is granted", () => {
  expect(outsideJson(`${"[".repeat(33)}${"]".repeat(33)}`)).toBeUndefined();
  expect(outsideJson(`${"[".repeat(1_000_000)}`)).toBeUndefined();
  expect(outsideJson(`{"a":"${"[".repeat(100)}\\"${"{".repeat(100)}"}`)).toEqual({
    a: `${"[".repeat(100)}"${"{".repeat(100)}`,
  });
  const nesting = (value: unknown): number =>
    typeof value === "object" && value !== null ? 1 + Math.max(0, ...Object.values(value).map(nesting)) : 0;
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 12 }), (value) => {
      expect(depthOf(JSON.stringify(value))).toBe(nesting(value));
    }),
    { numRuns: 500, interruptAfterTimeLimit: 3_000 },
  );
});

test("texts of the largest size for certificates and host keys are read in bounded time", () => {
  const long = (part: string, size: number) => part.repeat(Math.floor(size / part.length));
  const parts = [
    "-----BEGIN A-----",
    "-----BEGIN CERTIFICATE-----",
    "-",
    "\u2014",
    "\\",
    "\\n",
    "BEGIN A ",
    "END A",
    " ",
    "AAAA",
    "a:",
  ];
  const before = process.cpuUsage();
  for (const part of parts) {
    const text = long(part, 262_144);
    for (const one of [text, `-----BEGIN CERTIFICATE-----${text}-----END CERTIFICATE-----`])
      for (const read of [certificatesProblem, mendCertificates, isCertificateBundle]) read(one);
    for (const one of [long(part, 16_384), long(`${part}\n`, 16_384)]) readPins(one);
  }
  expect(process.cpuUsage(before).user).toBeLessThan(5_000_000);
});
