import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { holds, withKey, withoutKey } from "./authorized-keys";
import { newKeyPair } from "./new-key";
import { openPrivateKey } from "./open-key";

const OLD = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOldOldOldOldOldOldOldOldOldOldOldOldOldOldOldOl";
const NEW = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAINewNewNewNewNewNewNewNewNewNewNewNewNewNewNewNe latchkey-2026-11-25";
const OTHER = "ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAA= somebody@else";

test("a key is added behind the others, once, with the options of the one that it follows", () => {
  const file = `# ours\n\n${OTHER}\nrestrict,command="internal-sftp -d /up load" ${OLD} alice`;
  const added = withKey(file, NEW, OLD);
  expect(added).toBe(`${file}\nrestrict,command="internal-sftp -d /up load" ${NEW}\n`);
  expect(withKey(added, NEW, OLD)).toBe(added);
  expect([holds(file, NEW), holds(added, NEW), holds(added, OLD)]).toEqual([false, true, true]);
  expect(withKey(`${OLD}\n`, NEW, OLD)).toBe(`${OLD}\n${NEW}\n`);
});

test("a key is removed wherever it stands, and all else stays byte for byte", () => {
  const before = `# a comment with ${OLD}\r\n${OTHER}\t\n`;
  expect(withoutKey(`${before}from="10.0.0.0/8" ${OLD}\n${OLD} again\n`, OLD)).toBe(before);
  expect(withoutKey(before, OLD)).toBe(before);
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
