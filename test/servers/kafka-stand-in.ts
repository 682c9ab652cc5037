import { readFileSync } from "node:fs";
import type { Duplex } from "node:stream";
import { TLSSocket } from "node:tls";
import { startPeer } from "./peer";

/**
 * A stand-in at the edge of the network, since Debian has no Kafka: as much of a broker's protocol as signing in by PLAIN and
 * asking for topics needs. It is no proof of how real brokers behave beyond that.
 */
export interface KafkaStandIn {
  port: number;
  connections: () => number;
  /** Everything that it heard and could read. */
  heard: () => string;
  stop: () => Promise<void>;
}

export const KAFKA_USER = "app";
export const KAFKA_PASSWORD = "kafka-s3cret";

export async function startKafkaStandIn(tls?: { certificate: string; key: string }): Promise<KafkaStandIn> {
  const heard: Buffer[] = [];
  const peer = await startPeer((socket) => {
    if (!tls) return talk(socket, heard);
    const [cert, key] = [readFileSync(tls.certificate), readFileSync(tls.key)];
    talk(new TLSSocket(socket, { isServer: true, cert, key }), heard);
  });
  return {
    port: peer.port,
    connections: peer.connections,
    heard: () => Buffer.concat(heard).toString("latin1"),
    stop: peer.stop,
  };
}

function talk(stream: Duplex, heard: Buffer[]): void {
  let [waiting, signedIn] = [Buffer.alloc(0), false];
  stream.on("error", () => undefined);
  stream.on("data", (chunk: Buffer) => {
    waiting = Buffer.concat([waiting, chunk]);
    while (waiting.length >= 4 && waiting.length >= 4 + waiting.readInt32BE(0)) {
      const request = waiting.subarray(4, 4 + waiting.readInt32BE(0));
      waiting = waiting.subarray(4 + request.length);
      heard.push(request);
      const [key, version] = [request.readInt16BE(0), request.readInt16BE(2)];
      // Behind the head: key, version, number, and the client's name.
      const body = request.subarray(10 + Math.max(0, request.readInt16BE(8)));
      if (key === AUTHENTICATE) signedIn = body.includes(`\0${KAFKA_USER}\0${KAFKA_PASSWORD}`);
      const answer = Buffer.concat([request.subarray(4, 8), answerTo(key, version, body, signedIn)]);
      stream.write(Buffer.concat([int32(answer.length), answer]));
    }
  });
}

const [METADATA, HANDSHAKE, VERSIONS, AUTHENTICATE] = [3, 17, 18, 36];

function answerTo(key: number, version: number, body: Buffer, signedIn: boolean): Buffer {
  switch (key) {
    case VERSIONS: {
      const known = [
        [METADATA, 1],
        [HANDSHAKE, 1],
        [VERSIONS, 1],
        [AUTHENTICATE, 0],
      ].map(([one = 0, most = 0]) => Buffer.concat([int16(one), int16(0), int16(most)]));
      return Buffer.concat([int16(0), list(known), ...(version > 0 ? [int32(0)] : [])]);
    }
    case HANDSHAKE:
      return Buffer.concat([int16(body.includes("PLAIN") ? 0 : 33), list([text("PLAIN")])]);
    case AUTHENTICATE:
      return Buffer.concat([int16(signedIn ? 0 : 58), signedIn ? int16(-1) : text("MARKER says no"), int32(0)]);
    default: {
      // The broker calls itself by another name, to which nobody is to go.
      const broker = Buffer.concat([int32(1), text("elsewhere.example.com"), int32(9092), int16(-1)]);
      const topic = Buffer.concat([int16(0), text("orders"), Buffer.from([0]), list([])]);
      return Buffer.concat([list([broker]), int32(1), list(signedIn ? [topic] : [])]);
    }
  }
}

const int16 = (value: number) => {
  const bytes = Buffer.alloc(2);
  bytes.writeInt16BE(value);
  return bytes;
};
const int32 = (value: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
};
const text = (value: string) => Buffer.concat([int16(value.length), Buffer.from(value)]);
const list = (items: Buffer[]) => Buffer.concat([int32(items.length), ...items]);
