import { mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { makeFolder } from "./folders.mjs";
import { wordsOf } from "./words.mjs";

const folder = mkdtempSync(join(tmpdir(), "latchkey-words-"));

beforeAll(() => {
  writeFileSync(join(folder, "file"), "");
  symlinkSync(join(folder, "loop"), join(folder, "loop"));
  vi.stubEnv("LATCHKEY_DATA", join(folder, "data"));
});

afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

function wordsOfFailing(what: () => unknown): string {
  try {
    what();
  } catch (error) {
    return wordsOf(error);
  }
  throw new Error("It did not fail");
}

const at = (...names: string[]) => join(folder, ...names);
/** What a system answers that no test can bring about everywhere: other users, read-only and full disks. */
const said = (code: string, path?: string) => () => {
  throw Object.assign(new Error(`${code}: x`), { code, errno: -1, syscall: "open", path });
};

describe("what the file system says becomes one sentence that names the place and what to do", () => {
  test.each<[string, () => unknown, RegExp]>([
    ["no file", () => readFileSync(at("none")), /none is not there .* Make it\.$/],
    ["a file as a folder", () => mkdirSync(at("file", "x")), /file\/x or a part of it is a file/],
    ["a folder as a file", () => openSync(folder, "w"), /is a folder where a file has to be/],
    ["a folder that is a file", () => makeFolder(at("file"), 0o700), /is there already/],
    ["a place below a file", () => makeFolder(at("file", "x", "y"), 0o700), /a file where a folder has to be/],
    ["a loop of links", () => readFileSync(at("loop")), /leads in circles/],
    ["a name too long", () => readFileSync(at("x".repeat(300))), /too long a name/],
    ...["EACCES", "EPERM", "EROFS", "ENOSPC", "EDQUOT"].map((code): [string, () => unknown, RegExp] => [
      code,
      said(code, at("data", "key")),
      /data\/key.*, or set LATCHKEY_DATA/,
    ]),
    ["too many files", said("EMFILE", at("data", "key")), /Raise the limit \(ulimit -n\)\.$/],
    ["no path", said("ENOSPC"), /^There is no space left for what was named\. Make room\.$/],
    ["a folder above", said("EACCES", folder), /, or set LATCHKEY_DATA to another place\.$/],
    ["a passing folder", said("EACCES", at("data", "new-XXXXXX")), /read or write \S+data\. Give/],
  ])("%s", (_, failing, words) => {
    expect(wordsOfFailing(failing)).toMatch(words);
    expect(wordsOfFailing(failing)).not.toMatch(/\n|\bat |E[A-Z]{4,}/);
  });
});

test("a folder where none can be made is refused at once", { timeout: 5_000 }, () => {
  if (process.platform !== "linux") return;
  expect(wordsOfFailing(() => makeFolder("/proc/latchkey/data", 0o700))).toMatch(/^\/proc\/latchkey is not there/);
});

test("only a fault of ours shows where it came from", () => {
  expect(wordsOf(new Error("Do this"))).toBe("Do this");
  expect(wordsOf(Object.assign(new Error("connect ECONNREFUSED 127.0.0.1:1"), { code: "ECONNREFUSED" }))).toBe(
    "connect ECONNREFUSED 127.0.0.1:1",
  );
  expect(wordsOf(new TypeError("x is not a function"))).toMatch(/\n\s+at /);
});
