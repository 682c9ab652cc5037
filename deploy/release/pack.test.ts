import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { pack } from "./pack.mjs";

const folder = mkdtempSync(join(tmpdir(), "latchkey-pack-"));
const mtime = new Date("2026-12-01T00:00:00Z");

test("the same files make the same archive, whatever their order and dates", async () => {
  const source = join(folder, "source");
  writeFileSync(source, "text");
  const entries: [string, { source?: string; content?: string; link?: string; mode?: number }][] = [
    ["program.mjs", { source, mode: 0o755 }],
    ["node_modules/b/index.js", { content: "b" }],
    ["node_modules/a", { link: "b" }],
    ["node_modules/B", { content: "" }],
  ];
  await pack(new Map(entries), { file: join(folder, "one.tar.gz"), prefix: "x", mtime });
  utimesSync(source, 1, 1);
  await pack(new Map(entries.toReversed()), { file: join(folder, "two.tar.gz"), prefix: "x", mtime });
  expect(readFileSync(join(folder, "two.tar.gz")).equals(readFileSync(join(folder, "one.tar.gz")))).toBe(true);
  const listed = execFileSync("tar", ["--utc", "-tvzf", join(folder, "one.tar.gz")], { encoding: "utf8" });
  expect(listed.trim().split("\n").map(withoutSpaces)).toEqual([
    "drwxr-xr-x root/root 0 2026-12-01 00:00 x/",
    "drwxr-xr-x root/root 0 2026-12-01 00:00 x/node_modules/",
    "-rw-r--r-- root/root 0 2026-12-01 00:00 x/node_modules/B",
    "lrwxrwxrwx root/root 0 2026-12-01 00:00 x/node_modules/a -> b",
    "drwxr-xr-x root/root 0 2026-12-01 00:00 x/node_modules/b/",
    "-rw-r--r-- root/root 1 2026-12-01 00:00 x/node_modules/b/index.js",
    "-rwxr-xr-x root/root 4 2026-12-01 00:00 x/program.mjs",
  ]);
});

const withoutSpaces = (line: string) => line.replaceAll(/ +/g, " ");
