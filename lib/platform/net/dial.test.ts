import { once } from "node:events";
import { afterEach, expect, test } from "vitest";
import { freePort, type Peer, startPeer } from "@/test/servers/peer";
import { dial } from "./dial";
import { resolveHost } from "./resolve";

let peer: Peer | undefined;
afterEach(async () => {
  await peer?.stop();
  peer = undefined;
});

const options = (change: object = {}) => ({
  connectTimeoutMs: 2_000,
  maxInboundBytes: 256 * 1024,
  signal: new AbortController().signal,
  ...change,
});

test("only addresses are dialled, so no driver can resolve a name again", async () => {
  await expect(dial(["localhost"], 1, options())).rejects.toMatchObject({ reason: "unreachable" });
});

test("the second address is tried when the first does not answer", async () => {
  peer = await startPeer((socket) => socket.write("hello"));
  const { stream, address } = await dial(["127.0.0.2", "127.0.0.1"], peer.port, options());
  expect(address).toBe("127.0.0.1");
  expect(String((await once(stream, "data"))[0])).toBe("hello");
  stream.destroy();
});

test("a closed port, a silent address and a call-off are told apart, and leave no socket", async () => {
  await expect(dial(["127.0.0.1"], await freePort(), options())).rejects.toMatchObject({ reason: "refused" });
  const calledOff = AbortSignal.abort();
  await expect(dial(["127.0.0.1"], await freePort(), options({ signal: calledOff }))).rejects.toMatchObject({
    reason: "timeout",
  });
});

test("what a peer may send is counted, and the connection ends there", async () => {
  peer = await startPeer((socket) => {
    const flood = () => socket.writable && socket.write(Buffer.alloc(16 * 1024), flood);
    flood();
  });
  const { stream } = await dial(["127.0.0.1"], peer.port, options({ maxInboundBytes: 100_000 }));
  let received = 0;
  stream.on("data", (chunk) => {
    received += chunk.length;
  });
  await new Promise((closed) => stream.once("close", closed));
  expect(stream.overflown).toBe(true);
  expect(received).toBeLessThanOrEqual(100_000);
});

test("a driver's own dialling does nothing but report that the stream is open", async () => {
  peer = await startPeer(() => undefined);
  const { stream } = await dial(["127.0.0.1"], peer.port, options());
  const connected = once(stream, "connect");
  stream.connect();
  await connected;
  expect(peer.connections()).toBe(1);
  stream.destroy();
});

test("an address asks nobody, a name asks once, and an answer without address is no answer", async () => {
  const asked: string[] = [];
  const lookup = async (host: string) => {
    asked.push(host);
    return host === "two.example" ? ["8.8.8.8", "8.8.4.4", "8.8.8.8"] : [];
  };
  expect(await resolveHost("[2001:db8::1]", lookup)).toEqual({ ok: true, addresses: ["2001:db8::1"], literal: true });
  expect(await resolveHost("two.example", lookup)).toEqual({
    ok: true,
    addresses: ["8.8.8.8", "8.8.4.4"],
    literal: false,
  });
  expect(await resolveHost("none.example", lookup)).toEqual({ ok: false, reason: "not_found" });
  expect(asked).toEqual(["two.example", "none.example"]);
});

test("a resolver that does not know a name and one that does not answer are told apart", async () => {
  const failing = (code: string) => async () => Promise.reject(Object.assign(new Error("no"), { code }));
  expect(await resolveHost("x.example", failing("ENOTFOUND"))).toEqual({ ok: false, reason: "not_found" });
  expect(await resolveHost("x.example", failing("EAI_AGAIN"))).toEqual({ ok: false, reason: "no_answer" });
});
