import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { allowing, buildWorker, tryOut } from "@/test/providers/worker";
import { type MongodbStandIn, startMongodbStandIn } from "@/test/servers/mongodb-stand-in";
import { startPeer } from "@/test/servers/peer";
import { readMongoUrl } from "./mongodb-url";

let worker: Awaited<ReturnType<typeof buildWorker>>;
let server: MongodbStandIn;
beforeAll(async () => {
  [worker, server] = [await buildWorker(), await startMongodbStandIn()];
});
afterAll(async () => {
  worker.forget();
  await server.stop();
});

const tried = (url: string, ...ports: number[]) =>
  tryOut("mongoDBUrlApi", "api_key", { mongoDBConnectUrl: url }, { policy: allowing(server.port, ...ports) });
const at = (user: string, password: string, rest = "/app?authSource=admin", port = server.port) =>
  `mongodb://${user}:${password}@127.0.0.1:${port}${rest}`;

describe("MongoDB", () => {
  test("signs in through the driver, over connections to the judged address alone, and tells what can be seen", async () => {
    const report = await tried(at(server.user, server.password));
    expect(report).toMatchObject({ outcome: "ok" });
    expect(report.steps.at(-1)?.detail).toBe("1 collections of app can be seen");
    expect(server.connections()).toBeLessThanOrEqual(4);
  });

  test("tells a wrong password, a wrong user and a missing permission apart from each other's kind", async () => {
    const reports = [
      await tried(at(server.user, "wrong-password")),
      await tried(at("nobody", server.password)),
      await tried(at(server.powerless, server.password)),
    ];
    expect(reports.map(({ outcome, reason }) => `${outcome} ${reason}`)).toEqual([
      "failed wrong_credentials",
      "failed wrong_credentials",
      "degraded permission_denied",
    ]);
  });

  test("gives up on what is no MongoDB server, and does not dial what the operator did not allow", async () => {
    const peer = await startPeer((socket) => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n"));
    expect((await tried(at("u", "p4ssword", "/app", peer.port), peer.port)).reason).toMatch(
      /not_mongodb|connection_lost/,
    );
    expect(peer.received()).not.toContain("p4ssword");
    await peer.stop();
    const { port } = server;
    const refused = await tryOut(
      "mongoDBUrlApi",
      "api_key",
      { mongoDBConnectUrl: at("u", "p4ssword") },
      { policy: allowing(port + 1) },
    );
    expect(refused.reason).toBe("address_not_allowed");
  });

  test.each([
    [1, "sign_in_too_cheap"],
    [4_095, "sign_in_too_cheap"],
    [1_000_001, "sign_in_too_costly"],
    [2_000_000_000, "sign_in_too_costly"],
  ])("proves nothing to a server that asks for %i rounds", async (rounds, reason) => {
    const asking = await startMongodbStandIn({ rounds });
    const report = await tryOut(
      "mongoDBUrlApi",
      "api_key",
      { mongoDBConnectUrl: at(asking.user, asking.password, "/app", asking.port) },
      { policy: allowing(asking.port) },
    );
    expect(report).toMatchObject({ outcome: "failed", reason });
    expect(asking.proofs()).toBe(0);
    expect(report.durationMs).toBeLessThan(8_000);
    await asking.stop();
  });

  test.each([
    "MARKER",
    "http://u:MARKER@127.0.0.1/",
    "mongodb://u:MARK%ZZER@127.0.0.1/",
    "mongodb://u:MARKER@127.0.0.1/?authMechanism=MONGODB-AWS",
  ])("refuses %s in fixed words", async (url) => {
    const report = await tried(url);
    expect(report.reason).toMatch(/url_unreadable|method_not_accepted/);
    expect(JSON.stringify(report)).not.toContain("MARKER");
  });
});

test.each<[string, object]>([
  [
    "mongodb://a.example.com",
    { host: "a.example.com", port: 27017, authSource: "admin", database: "test", encrypted: false },
  ],
  [
    "mongodb://u:p%40ss@a.example.com:27018,b.example.com/app?ssl=true",
    {
      host: "a.example.com",
      port: 27018,
      username: "u",
      password: "p@ss",
      authSource: "app",
      database: "app",
      encrypted: true,
    },
  ],
  ["mongodb://[2001:db8::1]:27019/?authSource=x", { host: "[2001:db8::1]", port: 27019, authSource: "x" }],
])("%s is read as one sign-in at one server", async (url, target) => {
  expect(await readMongoUrl(url)).toMatchObject(target);
});
