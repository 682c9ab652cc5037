import { describe, expect, test } from "vitest";
import { aeadOpen, aeadSeal, deriveKey, TAG_BYTES } from "./primitives";
import published from "./vectors.json";

const bytes = (hex: string) => Buffer.from(hex, "hex");

describe.each(published.vectors)("published vector, $name", ({ key, nonce, aad, plain, cipher, tag }) => {
  const sealed = bytes(nonce + cipher + tag);

  test("opens to the published plaintext", () => {
    expect(aeadOpen(bytes(key), sealed, bytes(aad)).toString("hex")).toBe(plain);
  });

  test("does not open with any single bit changed", () => {
    for (let bit = 0; bit < sealed.length * 8; bit++) {
      const altered = Buffer.from(sealed);
      altered[bit >> 3] = (altered[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(() => aeadOpen(bytes(key), altered, bytes(aad))).toThrow();
    }
  });

  test("does not open with a shorter tag, which Node accepts unless told the length", () => {
    for (let cut = 1; cut <= TAG_BYTES; cut++) {
      expect(() => aeadOpen(bytes(key), sealed.subarray(0, -cut), bytes(aad))).toThrow();
    }
  });

  test("does not open with other associated data", () => {
    for (const other of [`${aad}00`, aad === "" ? "01" : aad.slice(2)]) {
      expect(() => aeadOpen(bytes(key), sealed, bytes(other))).toThrow();
    }
  });
});

test("empty, short and absent bytes are refused, not a crash", () => {
  for (const length of [0, 1, 11, 12, 27]) {
    expect(() => aeadOpen(Buffer.alloc(32, 7), Buffer.alloc(length), Buffer.alloc(0))).toThrow(/too short|altered/);
  }
});

test("equal inputs are sealed differently each time", () => {
  const seals = Array.from({ length: 500 }, () =>
    aeadSeal(Buffer.alloc(32, 7), Buffer.from("same"), Buffer.alloc(0)).toString("hex"),
  );
  expect(new Set(seals).size).toBe(500);
});

test("keys of two purposes have nothing in common", () => {
  const root = Buffer.alloc(32, 9);
  expect(deriveKey(root, "one")).toEqual(deriveKey(root, "one"));
  expect(deriveKey(root, "one")).not.toEqual(deriveKey(root, "two"));
});
