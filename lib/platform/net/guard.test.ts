import fc from "fast-check";
import { expect, test } from "vitest";
import { readEnv } from "@/lib/platform/env";
import { isHost } from "@/lib/providers/host-syntax";
import { judgeTarget } from "./guard";
import { classifyIp } from "./ip-address";
import { outboundPolicy } from "./operator-policy";
import { type OutboundPolicy, readAllowList } from "./policy";

const closed: OutboundPolicy = { allow: [], selfEndpoints: [] };
const open = (text: string): OutboundPolicy => ({ allow: readAllowList(text), selfEndpoints: [] });
const allowed = (policy: OutboundPolicy, address: string, port = 5432, host = "db.example.com") =>
  judgeTarget(policy, { host, port }, [address], []).allowed;

test.each(["8.8.8.8", "1.1.1.1", "93.184.216.34", "172.32.0.1", "100.128.0.1", "2606:4700::1111", "2a00:1450:4001::1"])(
  "%s is public, and reached by default",
  (address) =>
    expect(judgeTarget(closed, { host: "h", port: 22 }, [address], [])).toEqual({
      allowed: true,
      dial: [{ address, isPublic: true }],
    }),
);

const REFUSED: [string, string[]][] = [
  ["loopback", ["127.0.0.1", "127.1.2.3", "127.255.255.255", "::1"]],
  ["unspecified", ["0.0.0.0", "0.1.2.3", "::"]],
  ["private", ["10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "fc00::1", "fd12:3456::1", "fec0::1"]],
  ["carrier-grade NAT", ["100.64.0.1", "100.127.255.255"]],
  ["link-local", ["169.254.0.1", "169.254.255.255", "fe80::1", "febf::1"]],
  [
    "metadata",
    ["169.254.169.254", "169.254.170.2", "100.100.100.200", "192.0.0.192", "168.63.129.16", "fd00:ec2::254"],
  ],
  ["multicast and broadcast", ["224.0.0.1", "239.255.255.255", "255.255.255.255", "ff02::1"]],
  ["reserved", ["192.0.0.1", "192.0.2.1", "192.88.99.1", "198.18.0.1", "198.51.100.1", "203.0.113.1", "240.0.0.1"]],
  ["reserved IPv6", ["100::1", "2001:db8::1", "2001:2::1", "2001:10::1", "3fff::1", "5f00::1", "4000::1", "1::1"]],
  [
    "mapped",
    ["::ffff:127.0.0.1", "::ffff:7f00:1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "0:0:0:0:0:ffff:0a00:0001"],
  ],
  ["compatible and translated", ["::127.0.0.1", "::7f00:1", "::ffff:0:127.0.0.1", "::ffff:0:8.8.8.8"]],
  ["NAT64", ["64:ff9b::127.0.0.1", "64:ff9b::a00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::a00:1"]],
  ["6to4", ["2002:7f00:1::", "2002:a00:1::1", "2002:a9fe:a9fe::"]],
  ["Teredo", ["2001:0:4136:e378:8000:63bf:3fff:fdd2", "2001::1"]],
];

test.each(REFUSED)("%s addresses are refused by default", (_, addresses) => {
  for (const address of addresses) expect(`${address} ${allowed(closed, address)}`).toBe(`${address} false`);
});

test("IPv4 inside IPv6 is judged as the IPv4 address that packets reach", () => {
  expect(judgeTarget(closed, { host: "h", port: 22 }, ["::ffff:8.8.8.8"], [])).toEqual({
    allowed: true,
    dial: [{ address: "8.8.8.8", isPublic: true }],
  });
  expect(judgeTarget(closed, { host: "h", port: 22 }, ["64:ff9b::8.8.8.8"], [])).toMatchObject({ allowed: true });
  expect(allowed(open("10.0.0.0/8:22"), "::ffff:10.0.0.1", 22)).toBe(true);
  expect(allowed(open("10.0.0.0/8:22"), "64:ff9b::10.0.0.1", 22)).toBe(true);
});

test("one bad address among many refuses the name", () => {
  const verdict = judgeTarget(closed, { host: "h", port: 22 }, ["8.8.8.8", "10.1.2.3"], []);
  expect(verdict).toEqual({
    allowed: false,
    address: "10.1.2.3",
    why: "is a private address",
    allowLine: "OUTBOUND_ALLOW=10.1.2.3/32:22",
  });
  expect(judgeTarget(closed, { host: "h", port: 22 }, [], []).allowed).toBe(false);
});

test("an address is public by what it is, not by a rule or by its neighbours", () => {
  const policy = open("10.0.0.0/8:22, 8.8.8.8/32:22, both.example:22");
  const verdict = judgeTarget(policy, { host: "both.example", port: 22 }, ["10.1.2.3", "8.8.8.8"], []);
  const dial = [
    { address: "10.1.2.3", isPublic: false },
    { address: "8.8.8.8", isPublic: true },
  ];
  expect(verdict).toEqual({ allowed: true, dial });
  for (const [address, isPublic] of [
    ["::ffff:10.1.2.3", false],
    ["64:ff9b::10.1.2.3", false],
    ["64:ff9b::8.8.8.8", true],
  ] as const) {
    expect(judgeTarget(policy, { host: "h", port: 22 }, [address], [])).toMatchObject({ dial: [{ isPublic }] });
  }
});

test("the line that the refusal names does allow the address", () => {
  for (const address of ["10.1.2.3", "127.0.0.1", "fd12:3456::1", "169.254.169.254", "192.0.2.1"]) {
    const verdict = judgeTarget(closed, { host: "h", port: 5432 }, [address], []);
    const line = verdict.allowed ? "" : (verdict.allowLine ?? "").replace("OUTBOUND_ALLOW=", "");
    expect(readEnv({ OUTBOUND_ALLOW: line }).OUTBOUND_ALLOW).toBe(line);
    expect(allowed(open(line), address)).toBe(true);
    expect(allowed(open(line), address, 5433)).toBe(false);
  }
  expect(judgeTarget(closed, { host: "h", port: 1 }, ["224.0.0.1"], [])).not.toHaveProperty("allowLine");
});

test("rules allow what they say and nothing beside it", () => {
  const policy = open("10.20.0.0/16:5432, sftp.internal:22, [fd00::]/8:1-100, 192.168.0.9:443");
  expect(allowed(policy, "10.20.255.1")).toBe(true);
  expect(allowed(policy, "10.21.0.1")).toBe(false);
  expect(allowed(policy, "10.20.0.1", 22)).toBe(false);
  expect(allowed(policy, "10.9.9.9", 22, "SFTP.Internal.")).toBe(true);
  expect(allowed(policy, "127.0.0.1", 22, "sftp.internal")).toBe(true);
  expect(allowed(policy, "169.254.169.254", 22, "sftp.internal")).toBe(false);
  expect(allowed(policy, "10.9.9.9", 22, "sftp.internal.evil.example")).toBe(false);
  expect(allowed(policy, "fd00::1", 100)).toBe(true);
  expect(allowed(policy, "fd00::1", 101)).toBe(false);
  expect(allowed(policy, "192.168.0.9", 443)).toBe(true);
  expect(allowed(open("*:22"), "10.0.0.1", 22)).toBe(true);
  for (const address of ["127.0.0.1", "169.254.169.254", "224.0.0.1", "0.0.0.0"])
    expect(allowed(open("*:22"), address, 22)).toBe(false);
  expect(allowed(open("0.0.0.0/0:22"), "224.0.0.1", 22)).toBe(false);
});

test.each(["10.0.0.0/8", "10.0.0.0/33:22", "10.0.0.0/8:0", "10.0.0.0/8:99-1", "x/8:1", "::ffff:10.0.0.0/8:22"])(
  "the meaningless rule %s stops the start instead of being ignored",
  (line) => expect(() => readAllowList(line)).toThrow(/OUTBOUND_ALLOW/),
);

test("the vault's own database and address are refused whatever the rules say, under every name of this machine", () => {
  const everything = "0.0.0.0/0:1-65535, [::]/0:1-65535, db.internal:5432, localhost:1-65535";
  const settings = readEnv({
    OUTBOUND_ALLOW: everything,
    DATABASE_URL: "postgresql://u:p@db.internal/x",
    PORT: "3000",
  });
  const policy = outboundPolicy(settings);
  expect(policy.selfEndpoints).toEqual([
    { host: "localhost", port: 3000 },
    { host: "db.internal", port: 5432 },
  ]);
  const judge = (host: string, port: number, address: string, own: string[]) =>
    judgeTarget(policy, { host, port }, [address], own);
  expect(judge("10.0.0.5", 5432, "10.0.0.5", ["10.0.0.5"])).toMatchObject({
    allowed: false,
    why: expect.stringContaining("vault itself"),
  });
  expect(judge("alias.example", 5432, "64:ff9b::10.0.0.5", ["10.0.0.5"])).toMatchObject({ allowed: false });
  expect(judge("DB.internal.", 5432, "8.8.8.8", [])).toMatchObject({ allowed: false });
  expect(judge("other", 5432, "10.0.0.6", ["10.0.0.5"])).toMatchObject({ allowed: true });
  for (const address of ["127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1"]) {
    expect(judge("x.example", 3000, address, ["127.0.0.1"]).allowed).toBe(false);
  }
  expect(judge("x.example", 3001, "127.0.0.1", [])).toMatchObject({ allowed: true });
});

test.each([
  ["postgresql://u:p@h1:1,h2:2/x", ["h1:1", "h1:2", "h2:1", "h2:2"]],
  ["postgresql://u:p@[fd00::1]:6432/x", ["[fd00::1]:6432"]],
  [
    "postgresql://u:p@/x?host=10.0.0.9&port=7000",
    ["localhost:5432", "localhost:7000", "10.0.0.9:5432", "10.0.0.9:7000"],
  ],
  ["postgresql://u:p@%2Fvar%2Frun/x?host=/tmp", []],
])("all places that our own database address %s can mean are known", (DATABASE_URL, expected) => {
  const [, ...places] = outboundPolicy(readEnv({ DATABASE_URL })).selfEndpoints;
  expect(places.map(({ host, port }) => `${host}:${port}`)).toEqual(expected);
});

const ODD_SPELLINGS = [
  ...[
    "0x7f.1",
    "0x7f000001",
    "2130706433",
    "017700000001",
    "0177.0.0.1",
    "127.1",
    "127.0.1",
    "127.0.0.01",
    "127.0.0.1.",
    "0x7f.0.0.0x1",
  ],
  ...[
    "①②⑦.0.0.1",
    "127。0。0。1",
    "127.0.0.1%00",
    "127.0.0.1 ",
    " 127.0.0.1",
    "127.0.0.1/",
    "127.0.0.1:80",
    "0",
    "00.0.0.0",
  ],
  ...[
    "[::1",
    "::1]",
    "[::1]:80",
    "fe80::1%eth0",
    "[fe80::1%25eth0]",
    "::ffff:0x7f.1",
    "::ffff:0177.0.0.1",
    ":::1",
    "1::2::3",
  ],
  ...[
    "",
    ".",
    "a..b",
    "-a.example",
    "a-.example",
    `${"a".repeat(64)}.example`,
    `${"a.".repeat(127)}example`,
    "exa mple",
    "a/b",
    "a@b",
    "ex\0ample",
  ],
  ...["例え.jp", "example.123", "http://h", "/var/run", "h?x", "h#x", "h\\x", "h:1"],
];

test.each(ODD_SPELLINGS)("the odd spelling %j is no host, so no resolver sees it", (text) => {
  expect(isHost(text)).toBe(text === "127.0.0.1." ? isHost("127.0.0.1.") : false);
  expect(classifyIp(text)).toBeUndefined();
});

test.each([
  "example.com",
  "example.com.",
  "xn--r8jz45g.jp",
  "_db.example",
  "localhost",
  "a",
  "8.8.8.8",
  "::1",
  "[2001:db8::1]",
])("%s is a host", (text) => expect(isHost(text)).toBe(true));

test("no address of any spelling gets past the guard but public ones", () => {
  const byte = fc.integer({ min: 0, max: 255 });
  fc.assert(
    fc.property(fc.tuple(byte, byte, byte, byte), (quad) => {
      const plain = quad.join(".");
      const inside = [`::ffff:${plain}`, `64:ff9b::${plain}`];
      return inside.every((text) => allowed(closed, text) === allowed(closed, plain));
    }),
  );
  const group = fc.integer({ min: 0, max: 0xffff }).map((value) => value.toString(16));
  fc.assert(
    fc.property(fc.array(group, { minLength: 8, maxLength: 8 }), (groups) => {
      const text = groups.join(":");
      const first = Number.parseInt(groups[0] ?? "0", 16);
      return first >= 0x2000 && first < 0x4000 ? true : !allowed(closed, text);
    }),
  );
});
