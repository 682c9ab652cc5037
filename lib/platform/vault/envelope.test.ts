import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { EncryptionContext } from "./encryption-context";
import { keyIdOf, openWith, rewrapWith, sealWith, UnknownKey } from "./envelope";
import type { Keyring } from "./keyring";
import { wrappingKey } from "./wrapping-key";

const fresh = () => wrappingKey(randomBytes(32).toString("base64"), "test");
const ring: Keyring = { current: fresh(), previous: undefined };
const address: EncryptionContext = {
  purpose: "credential",
  orgId: "018f0000-0000-7000-8000-000000000001",
  id: "018f0000-0000-7000-8000-000000000002",
  provider: "sftp",
  type: "user_password",
  version: 3,
};
const plain = Buffer.from('{"password":"planted"}');

describe("an envelope", () => {
  test("opens at its own address, whatever it holds", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2_000 }), (content) => {
        const bytes = Buffer.from(content);
        expect(openWith(ring, sealWith(ring, bytes, address), address)).toEqual(bytes);
      }),
      { numRuns: 100 },
    );
  });

  test("does not show what it holds", () => {
    expect(sealWith(ring, plain, address).includes("planted")).toBe(false);
  });

  test.each([
    ["purpose", { purpose: "root-secret" }],
    ["organisation", { orgId: "018f0000-0000-7000-8000-000000000009" }],
    ["row", { id: "018f0000-0000-7000-8000-000000000009" }],
    ["provider", { provider: "postgresql" }],
    ["type", { type: "key_file" }],
    ["older version", { version: 2 }],
    ["newer version", { version: 4 }],
  ] as [string, Partial<EncryptionContext>][])("moved to another %s does not open", (_, moved) => {
    const sealed = sealWith(ring, plain, address);
    expect(() => openWith(ring, sealed, { ...address, ...moved })).toThrow();
    expect(openWith(ring, sealed, address)).toEqual(plain);
  });

  test("does not open where two neighbouring parts of the address trade a letter", () => {
    const sealed = sealWith(ring, plain, { ...address, provider: "ab", type: "c" });
    expect(() => openWith(ring, sealed, { ...address, provider: "a", type: "bc" })).toThrow();
  });

  test("with any single bit changed does not open", () => {
    const sealed = sealWith(ring, plain, address);
    for (let bit = 0; bit < sealed.length * 8; bit++) {
      const altered = Buffer.from(sealed);
      altered[bit >> 3] = (altered[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(() => openWith(ring, altered, address), `bit ${bit}`).toThrow();
    }
  });

  test("cut or lengthened does not open", () => {
    const sealed = sealWith(ring, plain, address);
    for (let length = 0; length < sealed.length; length++) {
      expect(() => openWith(ring, sealed.subarray(0, length), address)).toThrow();
    }
    expect(() => openWith(ring, Buffer.concat([sealed, Buffer.alloc(1)]), address)).toThrow();
  });

  test("built of two envelopes' parts does not open", () => {
    const [one, two] = [sealWith(ring, plain, address), sealWith(ring, Buffer.from("other"), address)];
    const KEY_END = 1 + 8 + 60;
    for (const at of [KEY_END, KEY_END + 32]) {
      expect(() => openWith(ring, Buffer.concat([one.subarray(0, at), two.subarray(at)]), address)).toThrow();
    }
  });

  test("never uses a nonce or a data key twice", () => {
    const parts = Array.from({ length: 500 }, () => sealWith(ring, plain, address));
    const seen = new Set(
      parts.flatMap((one) => [one.subarray(9, 21).toString("hex"), one.subarray(101, 113).toString("hex")]),
    );
    expect(seen.size).toBe(1_000);
  });
});

describe("rotation", () => {
  const next = fresh();
  const both: Keyring = { current: next, previous: ring.current };

  test("reads with both keys and writes with the new one", () => {
    const old = sealWith(ring, plain, address);
    expect(openWith(both, old, address)).toEqual(plain);
    expect(keyIdOf(sealWith(both, plain, address))).toBe(next.id);
  });

  test("rewraps without touching the ciphertext, after which the old key opens nothing", () => {
    const old = sealWith(ring, plain, address);
    const moved = rewrapWith(both, old, address);
    expect(openWith({ current: next, previous: undefined }, moved, address)).toEqual(plain);
    expect(moved.subarray(69)).toEqual(old.subarray(69));
    expect(() => openWith(ring, moved, address)).toThrow(UnknownKey);
  });

  test("refuses a key id it does not have by name, and tries no other key", () => {
    const stranger = sealWith({ current: fresh(), previous: undefined }, plain, address);
    expect(() => openWith(both, stranger, address)).toThrow(UnknownKey);
  });

  test("does not rewrap a moved envelope", () => {
    expect(() => rewrapWith(both, sealWith(ring, plain, address), { ...address, version: 4 })).toThrow();
  });
});
