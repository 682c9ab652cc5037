import type { IncomingMessage } from "node:http";
import { expect, test } from "vitest";
import { addressJudge } from "./client-address";

const from = (remoteAddress: string | undefined, forwarded?: string) =>
  ({ socket: { remoteAddress }, headers: { "x-forwarded-for": forwarded } }) as unknown as IncomingMessage;

test("without trusted proxies, X-Forwarded-For is only a claim", () => {
  const judge = addressJudge();
  expect(judge(from("203.0.113.7", "198.51.100.1"))).toBe("203.0.113.7");
  expect(judge(from("::ffff:203.0.113.7"))).toBe("203.0.113.7");
  expect(judge(from(undefined))).toBe("unknown");
});

test("behind trusted proxies, the right-most address that is none of them counts", () => {
  const judge = addressJudge("127.0.0.1, 10.0.0.0/8, 2001:db8::/32");
  expect(judge(from("127.0.0.1", "1.1.1.1, 198.51.100.1"))).toBe("198.51.100.1");
  expect(judge(from("127.0.0.1", "1.1.1.1, 198.51.100.1, 10.1.2.3"))).toBe("198.51.100.1");
  expect(judge(from("2001:db8::9", "198.51.100.1:4711"))).toBe("198.51.100.1");
  expect(judge(from("127.0.0.1", "[2001:db9::1]:4711"))).toBe("2001:db9::1");
});

test("a stranger's X-Forwarded-For is not believed even if it names a proxy", () => {
  expect(addressJudge("10.0.0.0/8")(from("203.0.113.7", "10.0.0.1"))).toBe("203.0.113.7");
});

test("a claim that is no address ends the search at the proxy that sent it", () => {
  const judge = addressJudge("127.0.0.1,10.0.0.0/8");
  expect(judge(from("127.0.0.1", "198.51.100.1, <script>, 10.1.2.3"))).toBe("10.1.2.3");
  expect(judge(from("127.0.0.1"))).toBe("127.0.0.1");
});

test("an entry that is neither address nor range is named", () => {
  expect(() => addressJudge("10.0.0.0/8,proxy.local")).toThrow("TRUSTED_PROXIES: proxy.local");
  expect(() => addressJudge("10.0.0.0/33")).toThrow("TRUSTED_PROXIES: 10.0.0.0/33");
});

test("a peer that forwards and is not trusted is told of once, with its address; a trusted one is not", () => {
  const told: string[] = [];
  const judge = addressJudge("10.0.0.0/8", (peer) => told.push(peer));
  judge(from("10.0.0.1", "198.51.100.1"));
  judge(from("203.0.113.7"));
  expect(told).toEqual([]);
  for (let at = 0; at < 3; at++) judge(from("::ffff:203.0.113.7", "198.51.100.1"));
  expect(told).toEqual(["203.0.113.7"]);
});
