import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { keepLogSmall } from "./embedded-postgres.mjs";
import { makeFolder, makePassingFolder } from "./folders.mjs";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "latchkey-folders-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test("a folder is made with those above it, and may be there", () => {
  for (let times = 0; times < 2; times++) makeFolder(join(folder, "a/b"), 0o700);
  expect(statSync(join(folder, "a")).mode & 0o777).toBe(0o700);
});

test("passing folders of processes that are gone are removed by the next, and nobody else's", () => {
  const gone = spawnSync(process.execPath, ["-e", ""]).pid;
  const names = [`new-${gone}-abc`, `new-${process.pid}-abc`, "new-kept", `old-${gone}-abc`];
  for (const name of names) mkdirSync(join(folder, name));
  const made = makePassingFolder(folder, "new-");
  expect(basename(made)).toMatch(new RegExp(`^new-${process.pid}-`));
  expect(names.map((name) => existsSync(join(folder, name)))).toEqual([false, true, true, true]);
});

test("the database's log is bounded while the database goes on writing to it", () => {
  const log = join(folder, "postgres.log");
  keepLogSmall(folder, 10);
  expect(existsSync(log)).toBe(false);
  for (let line = 0; line < 5; line++) {
    writeFileSync(log, "123456\n", { flag: "a" });
    keepLogSmall(folder, 10);
  }
  expect([statSync(log).size, statSync(`${log}.1`).size]).toEqual([7, 14]);
});
