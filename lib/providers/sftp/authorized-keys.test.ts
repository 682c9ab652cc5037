import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { holds, withKey, withoutKey } from "./authorized-keys";
import { newKeyPair } from "./new-key";
import { openPrivateKey } from "./open-key";

const OLD = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOldOldOldOldOldOldOldOldOldOldOldOldOldOldOldOl";
const NEW = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAINewNewNewNewNewNewNewNewNewNewNewNewNewNewNewNe latchkey-2026-11-25";
const OTHER = "ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAA= somebody@else";

test("a key is added before the one that it follows, once, with its options", () => {
  const file = `# ours\n\n${OTHER}\nrestrict,command="internal-sftp -d /up load" ${OLD} alice`;
  const added = withKey(file, NEW, OLD);
  const line = `restrict,command="internal-sftp -d /up load" ${NEW}\n`;
  expect(added).toBe(file.replace("restrict", `${line}restrict`));
  expect(withKey(added, NEW, OLD)).toBe(added);
  expect([holds(file, NEW), holds(added, NEW), holds(added, OLD)]).toEqual([false, true, true]);
  expect(withKey(`${OLD}\n`, NEW, OLD)).toBe(`${NEW}\n${OLD}\n`);
  expect(withKey(OTHER, NEW, OLD)).toBe(OTHER);
});

test("a key is removed wherever it stands, and all else stays byte for byte", () => {
  const before = `# a comment with ${OLD}\r\n${OTHER}\t\n`;
  expect(withoutKey(`${before}from="10.0.0.0/8" ${OLD}\n${OLD} again\n`, OLD)).toBe(before);
  expect(withoutKey(before, OLD)).toBe(before);
});

test("what stands within an option's quotes is no key", () => {
  const file = `command="log ${OLD} \\" ${OLD}" ${OTHER}\nenvironment="A=${OLD} x" ${OTHER}\n`;
  expect([holds(file, OLD), holds(file, OTHER)]).toEqual([false, true]);
  expect(withoutKey(file, OLD)).toBe(file);
  expect(withKey(file, NEW, OLD)).toBe(file);
});

/** Lines as people and programs leave them, none of them of our two keys. */
const strays = fc.oneof(
  fc.constantFrom(
    "",
    " ",
    "\t",
    "#",
    `# ${OLD}`,
    OTHER,
    `  ${OTHER}`,
    `command="say ${OLD} \\"x" ${OTHER}`,
    "\r",
    "ssh-",
  ),
  fc.constantFrom(`command="never closed ${OLD}`, `\u00a0${OLD}`, "\0\xff", `${OLD.slice(0, -3)} cut`, `x${OLD}`),
  fc.string({ maxLength: 30 }).map((text) => Buffer.from(text, "utf8").toString("latin1").replaceAll("\n", "")),
);
const ends = fc.constantFrom("\n", "\r\n");
const before = fc.constantFrom("", "no-pty ", 'command="a b \\" c",restrict\t', "  ");
const oldLine = fc
  .tuple(before, fc.constantFrom("", " alice", "\tbob  "))
  .map(([options, tail]) => options + OLD + tail);
const whole = fc.array(
  fc.tuple(strays, ends).map(([line, end]) => line + end),
  { maxLength: 6 },
);

test("whatever the file looks like, a line that was added and taken back leaves it as it was, to the byte", () => {
  fc.assert(
    fc.property(whole, oldLine, ends, whole, strays, (above, line, end, below, last) => {
      for (const file of [
        [...above, line + end, ...below, last],
        [...above, line],
      ].map((parts) => parts.join(""))) {
        const added = withKey(file, NEW, OLD);
        expect(holds(added, NEW)).toBe(true);
        expect(added.length).toBeGreaterThan(file.length);
        expect(withoutKey(added, NEW)).toBe(file);
      }
    }),
  );
});

test("whatever the file looks like, the new key takes the old one's place and all else stays, to the byte", () => {
  fc.assert(
    fc.property(whole, oldLine, ends, whole, strays, (above, line, end, below, last) => {
      const rotated = withoutKey(withKey([...above, line + end, ...below, last].join(""), NEW, OLD), OLD);
      const fresh = rotated.slice(above.join("").length, rotated.length - [...below, last].join("").length);
      expect(rotated).toBe([...above, fresh, ...below, last].join(""));
      expect(fresh).toMatch(end === "\n" ? /[^\r]\n$/ : /\r\n$/);
      expect(fresh.trimEnd().endsWith(NEW)).toBe(true);
      // The last line had no end: the new one has none either.
      const atTheEnd = withoutKey(withKey([...above, line].join(""), NEW, OLD), OLD);
      expect(atTheEnd.startsWith(above.join(""))).toBe(true);
      expect(atTheEnd.endsWith(NEW)).toBe(true);
    }),
  );
});

test("a new pair is a whole one: OpenSSH and the worker open it, and its halves belong together", () => {
  const folder = mkdtempSync(join(tmpdir(), "latchkey-pair-"));
  try {
    // Keys whose numbers begin with zeros are where writers go wrong.
    for (let round = 0; round < 40; round++) {
      const { privateKey, publicKey } = newKeyPair(new Date("2026-11-25T10:00:00Z"));
      expect(openPrivateKey(privateKey, undefined)).toMatchObject({ ok: true });
      expect(publicKey).toMatch(/^ssh-ed25519 [A-Za-z0-9+/]+=* latchkey-2026-11-25$/);
      if (round > 3) continue;
      const file = join(folder, `key-${round}`);
      writeFileSync(file, privateKey, { mode: 0o600 });
      expect(execFileSync("ssh-keygen", ["-y", "-f", file], { encoding: "utf8" }).trim()).toBe(publicKey);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
