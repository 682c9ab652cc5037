import { describe, expect, test } from "vitest";
import { isExpected, versionsIn } from "./versions";

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
