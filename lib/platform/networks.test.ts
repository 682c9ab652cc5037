import { describe, expect, test } from "vitest";
import { isWithin, networkOf } from "./networks";

describe("a network", () => {
  test.each([
    ["10.0.0.0/8", "10.0.0.0/8"],
    [" 192.0.2.7 ", "192.0.2.7/32"],
    ["2001:DB8:0::/32", "2001:db8::/32"],
    ["::1", "::1/128"],
    ["0.0.0.0/0", "0.0.0.0/0"],
  ])("%j is kept as %j", (text, kept) => {
    expect(networkOf(text)).toBe(kept);
  });

  test.each(["", "10.0.0.1/8", "2001:db8::1/32", "10.0.0.0/33", "10/8", "7", "example.com", "10.0.0.0/", "/8"])(
    "%j is none",
    (text) => {
      expect(networkOf(text)).toBeUndefined();
    },
  );

  test("holds the addresses of its own family, however they are written, and no others", () => {
    expect(isWithin("10.1.2.3", ["10.0.0.0/8"])).toBe(true);
    expect(isWithin("::ffff:10.1.2.3", ["10.0.0.0/8"])).toBe(true);
    expect(isWithin("11.1.2.3", ["10.0.0.0/8", "2001:db8::/32"])).toBe(false);
    expect(isWithin("2001:db8::7", ["10.0.0.0/8", "2001:db8::/32"])).toBe(true);
    expect(isWithin("::1", ["0.0.0.0/0"])).toBe(false);
    expect(isWithin("local", ["0.0.0.0/0", "::/0"])).toBe(false);
    expect(isWithin("10.1.2.3", [])).toBe(false);
  });
});
