import { afterEach, expect, test } from "vitest";
import { type OutboundPolicy, readAllowList } from "@/lib/net/policy";
import { type Peer, startPeer } from "../../e2e/servers/peer";
import type { Network } from "./define-connection";
import { reach } from "./reach";
import { allowing } from "./testing/worker";
import { Trail } from "./trail";

let peer: Peer;
afterEach(() => peer?.stop());

const network = (lookup: Network["lookup"], policy: OutboundPolicy): Network => ({
  policy,
  lookup,
  connectTimeoutMs: 2_000,
  maxInboundBytes: 1_000,
  sshLegacyAlgorithms: false,
});
const newTrail = () => new Trail(["resolve", "address", "connect"], { signal: AbortSignal.timeout(5_000) });

test("a name that changes its mind between look-ups is asked once, and the judged address is dialled", async () => {
  peer = await startPeer(() => undefined);
  const answers = [["127.0.0.1"], ["169.254.169.254"]];
  let asked = 0;
  const lookup = async () => answers[asked++] ?? [];
  const { stream } = await reach(
    newTrail(),
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
    newTrail(),
    target,
    network(async () => ["127.0.0.1"], allowing(peer.port)),
  );
  expect(reached.isPublic).toBe(false);
  reached.stream.destroy();
});

test("a name with one good and one bad address is not dialled at all", async () => {
  peer = await startPeer(() => undefined);
  const trail = newTrail();
  const lookup = async () => ["127.0.0.1", "169.254.169.254"];
  await expect(
    reach(trail, { host: "both.example", port: peer.port }, network(lookup, allowing(peer.port))),
  ).rejects.toThrow();
  expect(trail.report()).toMatchObject({ outcome: "failed", reason: "address_not_allowed" });
  expect(trail.report().steps[1]?.meaning).toContain("169.254.169.254 is a cloud metadata address");
  expect(peer.connections()).toBe(0);
});

test("another name for our own database is recognised by its address", async () => {
  peer = await startPeer(() => undefined);
  const own = [{ host: "database.internal", port: peer.port }];
  const policy = { allow: readAllowList(`*:${peer.port}, alias.example:${peer.port}`), own };
  const trail = newTrail();
  await expect(
    reach(
      trail,
      { host: "alias.example", port: peer.port },
      network(async () => ["127.0.0.1"], policy),
    ),
  ).rejects.toThrow();
  expect(trail.report().steps[1]?.meaning).toContain("this vault itself or its database");
  expect(peer.connections()).toBe(0);
});

test("when our own database's address is not to be had, nothing is dialled", async () => {
  peer = await startPeer(() => undefined);
  const policy = { ...allowing(peer.port), own: [{ host: "database.internal", port: peer.port }] };
  const lookup = async (host: string) =>
    host === "database.internal" ? Promise.reject(new Error("away")) : ["127.0.0.1"];
  const trail = newTrail();
  await expect(reach(trail, { host: "x.example", port: peer.port }, network(lookup, policy))).rejects.toThrow();
  expect(trail.report()).toMatchObject({ outcome: "unreachable", reason: "resolver_unavailable" });
  expect(peer.connections()).toBe(0);
});

test("what a step throws by surprise becomes fixed words", async () => {
  const trail = newTrail();
  const surprise = () => {
    throw new Error("s3cret");
  };
  await expect(trail.step("resolve", surprise)).rejects.toThrow();
  expect(trail.report()).toMatchObject({ outcome: "failed", reason: "unexpected" });
  expect(JSON.stringify(trail.report())).not.toContain("s3cret");
});
