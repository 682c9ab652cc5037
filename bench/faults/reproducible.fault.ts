import { execFile, execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, expect, test } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "latchkey-reproducible-"));

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("a commit's release is the same to the byte, whoever makes it, wherever", { timeout: 3_600_000 }, async () => {
  const sums: string[] = [];
  // In turn, from packages to archive, in folders of unlike names and depths.
  for (const name of ["one", "another/and/deeper"]) {
    const checkout = join(folder, name);
    execFileSync("git", ["clone", "--quiet", root, checkout]);
    await promisify(execFile)("npm", ["run", "--silent", "release"], { cwd: checkout, maxBuffer: 1 << 26 });
    sums.push(readFileSync(join(checkout, "release/SHA256SUMS"), "utf8"));
    rmSync(checkout, { recursive: true });
  }
  expect(sums[0]).toMatch(/^[0-9a-f]{64} /);
  expect(sums[1]).toBe(sums[0]);
});
