import "server-only";
import { randomBytes } from "node:crypto";
import { MqttClient } from "mqtt";
import type { OpenStream } from "@/lib/platform/net/open-stream";
import type { CredentialData } from "../define";
import { defineConnection } from "../define-connection";
import { CONNECTION_LOST, streamProblem } from "../stream-problems";
import { type Problem, StepError } from "../test-run";
import { BUSY, notSpoken, WRONG } from "./protocol-problems";
import { overStream, serverOf } from "./secure-stream";

/** Signs in to an MQTT broker under a client id that nobody else has, over a stream that the driver did not open. */
export const mqttConnection = defineConnection({
  plan: ["values", "resolve", "address", "connect", "tls", "sign_in"],
  async test(data, testRun, network) {
    const server = await testRun.step("values", () =>
      serverOf(data, { tls: 8883, other: 1883, usual: "tls" }, "from the first byte"),
    );
    await overStream(testRun, server, network, (stream, plain) =>
      testRun.step("sign_in", async (notes) => {
        if (data.user === undefined) notes.detail = "No user name is set: the broker was asked without one";
        await signIn(data, stream).catch((error: unknown) => {
          throw new StepError(serverProblem(plain, error));
        });
      }),
    );
  },
});

async function signIn(data: CredentialData, stream: OpenStream): Promise<void> {
  const client = new MqttClient(() => stream as never, {
    // One of the credential's own would throw out whoever uses it now.
    clientId: `latchkey${randomBytes(6).toString("hex")}`,
    ...(data.user !== undefined && { username: String(data.user) }),
    ...(data.password !== undefined && { password: String(data.password) }),
    protocolVersion: 4,
    clean: true,
    keepalive: 0,
    reconnectPeriod: 0,
  });
  try {
    await new Promise<void>((resolve, reject) => {
      client.once("connect", () => resolve());
      client.on("error", reject);
      client.once("close", () => reject(new Error("Closed")));
    });
  } finally {
    client.end(true);
  }
}

/** By the code of the broker's answer. */
function serverProblem(plain: OpenStream, error: unknown): Problem {
  const { code } = error as { code?: unknown };
  if (typeof code === "number" && BY_CODE[code]) return BY_CODE[code];
  return streamProblem(plain, error) ?? (plain.silent ? CONNECTION_LOST : NOT_MQTT);
}

const BY_CODE: Partial<Record<number, Problem>> = {
  1: {
    code: "version_not_supported",
    meaning: "The broker does not speak MQTT 3.1.1.",
    advice: "Switch it on at the broker.",
    outcome: "failed",
  },
  3: BUSY,
  4: WRONG,
  5: WRONG,
};

const NOT_MQTT = notSpoken("not_mqtt", "MQTT", "8883 with TLS or 1883 without");
