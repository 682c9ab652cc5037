import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { REACHED, withServer } from "@/test/providers/protocol";
import { walked } from "@/test/providers/worker";
import { makeAuthority } from "@/test/servers/certificates";
import { KAFKA_PASSWORD, KAFKA_USER, startKafkaStandIn } from "@/test/servers/kafka-stand-in";
import { freePort } from "@/test/servers/peer";

const kafka = withServer("kafka", async () => {
  const folder = mkdtempSync(join(tmpdir(), "latchkey-kafka-"));
  const [encrypted, plain] = [
    await startKafkaStandIn(makeAuthority(folder).issue("good", { names: ["DNS:localhost"] })),
    await startKafkaStandIn(),
  ];
  return {
    ...{ encrypted, plain, user: KAFKA_USER, password: KAFKA_PASSWORD, authority: join(folder, "ca.crt") },
    stop: async () => {
      await Promise.all([encrypted.stop(), plain.stop()]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
});
const tried = (port: number, change = {}, host = "localhost") =>
  kafka.tried(port, { host: "", port: "", brokers: `${host}:${port}, other.example.com:9092`, ...change });

test("signs in to the first broker over TLS, asks what there is, and goes to no other that it names", async () => {
  const { port, connections } = kafka.server().encrypted;
  const report = await tried(port);
  expect(walked(report)).toEqual([...REACHED, "tls ok", "sign_in ok", "permission ok"]);
  expect(report.steps.at(-1)?.detail).toBe("The list of brokers was read");
  expect(connections()).toBe(1);
});

test("tells a wrong password, a mechanism that the broker lacks, and what answers not at all apart", async () => {
  const { port } = kafka.server().encrypted;
  const reports = await Promise.all([
    tried(port, { password: "wrong-password" }),
    tried(port, { mechanism: "scram-sha-256" }),
    tried(await freePort()),
    tried(port, {}, "127.0.0.1"),
    tried(port, { brokers: "MARKER@!:x" }),
  ]);
  expect(reports.map(({ outcome, reason }) => `${outcome} ${reason}`)).toEqual([
    "failed wrong_credentials",
    "failed method_not_supported",
    "unreachable connection_refused",
    "failed certificate_name_mismatch",
    "failed address_unreadable",
  ]);
  expect(JSON.stringify(reports)).not.toContain("MARKER");
});

test("sends nothing to a broker without TLS unless the values say so", async () => {
  const { port, heard } = kafka.server().plain;
  expect((await tried(port)).outcome).not.toBe("ok");
  expect(heard()).not.toContain(KAFKA_PASSWORD);
  expect((await tried(port, { tls: "none" })).outcome).toBe("ok");
});
