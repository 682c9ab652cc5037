import { once } from "node:events";
import { type AddressInfo, connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, describe, expect, test } from "vitest";
import { send } from "@/test/gateway/front";
import { drain, listen } from "./listener";

let cleanUp = async () => {};
afterEach(() => cleanUp());

async function listening(host: string) {
  const pending: (() => void)[] = [];
  const servers = await listen((_, outgoing) => void pending.push(() => outgoing.end('"done"')), 0, host);
  cleanUp = async () => {
    for (const server of servers) server.closeAllConnections();
  };
  const addresses = servers.map((server) => server.address() as AddressInfo);
  return { servers, pending, addresses, port: addresses[0]?.port ?? 0 };
}

describe("a stop", () => {
  test("lets what is in flight finish and takes nothing new", async () => {
    const { servers, pending, port } = await listening("127.0.0.1");
    const inFlight = send(port, "GET /");
    await expect.poll(() => pending.length).toBe(1);
    const drained = drain(servers);
    await expect(send(port, "GET /")).rejects.toThrow("ECONNREFUSED");
    pending[0]?.();
    expect(await inFlight).toMatchObject({ json: "done" });
    await drained;
  });

  test("cuts what does not end in time", async () => {
    const { servers, pending, port } = await listening("127.0.0.1");
    const cut = send(port, "GET /").catch((error: Error) => error.message);
    await expect.poll(() => pending.length).toBe(1);
    await drain(servers, 200);
    expect(await cut).toBe("socket hang up");
  });

  test("does not wait for connections that are only kept alive", async () => {
    const { servers, pending, port } = await listening("127.0.0.1");
    const kept = connect(port, "127.0.0.1").resume();
    kept.write("GET / HTTP/1.1\r\nhost: x\r\n\r\n");
    await expect.poll(() => pending.length).toBe(1);
    const drained = drain(servers, 5_000);
    pending[0]?.();
    await once(kept, "close");
    expect(await Promise.race([drained.then(() => "drained"), sleep(1_000, "waits")])).toBe("drained");
  });
});

describe("localhost", () => {
  test("means both loopback addresses, on one port", async () => {
    const { servers, addresses, port } = await listening("localhost");
    expect(addresses.map(({ address }) => address)).toEqual(
      addresses.length > 1 ? ["127.0.0.1", "::1"] : ["127.0.0.1"],
    );
    expect(addresses.every((address) => address.port === port)).toBe(true);
    await drain(servers);
  });

  test("is taken when either of them is", async () => {
    const { servers, port } = await listening("localhost");
    await expect(listen(() => undefined, port, "localhost")).rejects.toMatchObject({ code: "EADDRINUSE", port });
    await drain(servers);
  });
});
