import { afterEach, expect, test } from "vitest";
import { type OutboundPolicy, readAllowList } from "@/lib/platform/net/policy";
import { allowing } from "@/test/providers/worker";
import { type Peer, startPeer } from "@/test/servers/peer";
import type { Network } from "./define-connection";
import { reach } from "./reach";
import { TestRun } from "./test-run";

let peer: Peer;
afterEach(() => peer?.stop());

const network = (lookup: Network["lookup"], policy: OutboundPolicy): Network => ({
  policy,
  lookup,
  connectTimeoutMs: 2_000,
  maxInboundBytes: 1_000,
  sshLegacyAlgorithms: false,
});
const newTestRun = () => new TestRun(["resolve", "address", "connect"], { signal: AbortSignal.timeout(5_000) });

test("a name that changes its mind between look-ups is asked once, and the judged address is dialled", async () => {
  peer = await startPeer(() => undefined);
  const answers = [["127.0.0.1"], ["169.254.169.254"]];
  let asked = 0;
  const lookup = async () => answers[asked++] ?? [];
  const { stream } = await reach(
    newTestRun(),
    { host: "rebind.example", port: peer.port },
    network(lookup, allowing(peer.port)),
  );
  expect(asked).toBe(1);
  expect(peer.connections()).toBe(1);
  stream.destroy();
});

test("whoever goes on with the stream learns that the address is none of the public ones", async () => {
  peer = await startPeer(() => undefined);
  const target = { host: "inside.example", port: peer.port };
  const reached = await reach(
    newTestRun(),
    target,
    network(async () => ["127.0.0.1"], allowing(peer.port)),
  );
  expect(reached.isPublic).toBe(false);
  reached.stream.destroy();
});

test("a name with one good and one bad address is not dialled at all", async () => {
  peer = await startPeer(() => undefined);
  const testRun = newTestRun();
  const lookup = async () => ["127.0.0.1", "169.254.169.254"];
  await expect(
    reach(testRun, { host: "both.example", port: peer.port }, network(lookup, allowing(peer.port))),
  ).rejects.toThrow();
  expect(testRun.report()).toMatchObject({ outcome: "failed", reason: "address_not_allowed" });
  expect(testRun.report().steps[1]?.meaning).toContain("169.254.169.254 is a cloud metadata address");
  expect(peer.connections()).toBe(0);
});

test("another name for our own database is recognised by its address", async () => {
  peer = await startPeer(() => undefined);
  const selfEndpoints = [{ host: "database.internal", port: peer.port }];
  const policy = { allow: readAllowList(`*:${peer.port}, alias.example:${peer.port}`), selfEndpoints };
  const testRun = newTestRun();
  await expect(
    reach(
      testRun,
      { host: "alias.example", port: peer.port },
      network(async () => ["127.0.0.1"], policy),
    ),
  ).rejects.toThrow();
  expect(testRun.report().steps[1]?.meaning).toContain("this vault itself or its database");
  expect(peer.connections()).toBe(0);
});

test("when our own database's address is not to be had, nothing is dialled", async () => {
  peer = await startPeer(() => undefined);
  const policy = { ...allowing(peer.port), selfEndpoints: [{ host: "database.internal", port: peer.port }] };
  const lookup = async (host: string) =>
    host === "database.internal" ? Promise.reject(new Error("away")) : ["127.0.0.1"];
  const testRun = newTestRun();
  await expect(reach(testRun, { host: "x.example", port: peer.port }, network(lookup, policy))).rejects.toThrow();
  expect(testRun.report()).toMatchObject({ outcome: "unreachable", reason: "resolver_unavailable" });
  expect(peer.connections()).toBe(0);
});

test("what a step throws by surprise becomes fixed words", async () => {
  const testRun = newTestRun();
  const surprise = () => {
    throw new Error("s3cret");
  };
  await expect(testRun.step("resolve", surprise)).rejects.toThrow();
  expect(testRun.report()).toMatchObject({ outcome: "failed", reason: "unexpected" });
  expect(JSON.stringify(testRun.report())).not.toContain("s3cret");
});
