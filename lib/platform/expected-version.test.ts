import { describe, expect, test } from "vitest";
import { digestOf, entityTag, isExpected, matchesEntityTag, versionsIn } from "@/lib/platform/expected-version";

/** Whether a row at version 1 may be changed by a request with this If-Match. */
const matches = (ifMatch: string | null) => isExpected(1, versionsIn(ifMatch));

describe("If-Match", () => {
  test.each([
    [null],
    ["*"],
    [" * "],
    ['"1"'],
    ['"nope", "1"'],
    ['"1","2"'],
    ['"2" , "1" ,'],
    [', "1"'],
    ['"a,b", "1"'],
    ['W/"2", "1"'],
    ['"1.4"'],
    ['"2.1", "1.aB-_9"'],
    [entityTag({ version: 1 })],
    [entityTag({ version: 1 }, digestOf({ any: "body" }))],
  ])("%s matches version 1", (ifMatch) => expect(matches(ifMatch)).toBe(true));
  test.each([
    [""],
    ['"2"'],
    ['W/"1"'],
    ['W/"1", "2"'],
    ["1"],
    ["nonsense"],
    ['"1'],
    ['"01"'],
    ['"2.1"'],
    ['"1."'],
    ['"1.2.3"'],
    ['"1.2 "'],
    ['"1" "1"'],
    ['"1", x'],
    ['"nope"'],
    ['*, "1"'],
    ['"1", *'],
  ])("%s does not", (ifMatch) => expect(matches(ifMatch)).toBe(false));
  test("of any length is read in one pass", () => {
    expect(matches('"x", '.repeat(100_000))).toBe(false);
    expect(matches(`${'"x", '.repeat(100_000)}"1"`)).toBe(true);
  });
});

describe("If-None-Match", () => {
  test.each([['"1.a"'], ['W/"1.a"'], ["*"], ['"x", "1.a"'], ['"1.a","x"'], ['"x,y" , W/"1.a" ,']])(
    "%s is known",
    (known) => {
      expect(matchesEntityTag(known, '"1.a"')).toBe(true);
      expect(matchesEntityTag(known, 'W/"1.a"')).toBe(true);
    },
  );
  test.each([
    [null],
    [""],
    ['"1"'],
    ['"1.b"'],
    ["1.a"],
    ['"1.a'],
    ['"11.a"'],
    ["nonsense"],
    ['"x" "1.a"'],
    ['"a,"1.a""'],
  ])("%s is not", (known) => expect(matchesEntityTag(known, '"1.a"')).toBe(false));
});
