import fc from "fast-check";
import { expect, test } from "vitest";
import { networkOf } from "./network";

test.each([
  ["203.0.113.7", "203.0.113.7"],
  ["::ffff:203.0.113.7", "203.0.113.7"],
  ["::ffff:cb00:7107", "203.0.113.7"],
  ["2001:db8:1:2:aaaa::1", "2001:db8:1:2::/64"],
  ["2001:0DB8:0001:0002::ffff", "2001:db8:1:2::/64"],
  ["fe80::1%eth0", "fe80::/64"],
  ["::1", "127.0.0.1"],
  ["127.0.0.9", "127.0.0.9"],
  ["unknown", "unknown"],
])("%s counts as %s", (address, network) => {
  expect(networkOf(address)).toBe(network);
});

test("every address of one /64 is one stranger, and those of two are two", () => {
  const part = fc.integer({ min: 0, max: 0xffff });
  const four = fc.tuple(part, part, part, part);
  // Where the first 64 bits are zero there is IPv4 inside IPv6.
  const front = four.filter((parts) => parts.some((one) => one !== 0));
  const address = (...parts: number[]) => parts.map((one) => one.toString(16)).join(":");
  fc.assert(
    fc.property(front, four, four, front, (network, one, another, other) => {
      expect(networkOf(address(...network, ...one))).toBe(networkOf(address(...network, ...another)));
      if (network.join() !== other.join())
        expect(networkOf(address(...network, ...one))).not.toBe(networkOf(address(...other, ...one)));
    }),
  );
});
