import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { settings } from "@/lib/platform/env";

const unit = fileURLToPath(new URL("latchkey.service", import.meta.url));
const source = readFileSync(unit, "utf8");
const analyze = (...args: string[]) => spawnSync("systemd-analyze", args, { encoding: "utf8" });

test("the unit is one that systemd understands (checked, not run)", () => {
  const folder = mkdtempSync(join(tmpdir(), "latchkey-unit-"));
  // The programs that it names are looked for; here they are the ones of this machine.
  const here = join(folder, "latchkey.service");
  mkdirSync(join(folder, "opt"));
  writeFileSync(here, source.replace("/usr/bin/node /opt/latchkey/latchkey.mjs", `${process.execPath} ${folder}`));
  const { status, stderr } = analyze("verify", "--man=no", here);
  rmSync(folder, { recursive: true });
  expect(stderr.split("\n").filter((line) => line.includes("latchkey.service"))).toEqual([]);
  expect(status).toBe(0);
});

test("systemd finds the unit little exposed (checked, not run)", () => {
  // Tenths of the exposure that it counts: 10 is the most, and what it calls OK ends at 4.
  const { status, stdout } = analyze("security", "--offline=true", "--threshold=15", unit);
  expect([status, stdout]).toEqual([
    0,
    expect.stringMatching(/Overall exposure level for latchkey\.service: [01]\.\d OK/),
  ]);
});

test("the unit names settings that there are, and hands the key over as a credential", () => {
  const [, given = ""] = /^Environment=(.*)$/m.exec(source) ?? [];
  const names = given.split(" ").map((pair) => pair.split("=")[0] ?? "");
  expect(names.filter((name) => name !== "NODE_ENV" && !(name in settings))).toEqual([]);
  expect(source).toContain("LATCHKEY_KEY_FILE=%d/key");
  expect(source).toContain("LoadCredential=key:/etc/latchkey/key");
});
