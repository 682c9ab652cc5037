import { constants, generateKeyPairSync, privateDecrypt } from "node:crypto";
import { readFileSync } from "node:fs";
import type { Duplex } from "node:stream";
import { TLSSocket } from "node:tls";
import { startPeer } from "../servers/peer";

/** What a server asks for after the client's first answer: another way to sign in, or more of the one under way. */
export type Request = { plugin: string } | { more: keyof typeof MORE };

/** As much of a MySQL server as asks for a password, in whichever ways a test wants, and lets everybody in. */
export interface MysqlPeer {
  port: number;
  /** Everything that it heard and could read, what was encrypted for its own key included. */
  heard: () => string;
  stop: () => Promise<void>;
}

const SCRAMBLE = "12345678901234567890";
const OK = Buffer.from([0, 0, 0, 2, 0, 0, 0]);
const { publicKey, privateKey } = generateKeyPairSync("rsa", {
  modulusLength: 2048,
  publicKeyEncoding: { type: "spki", format: "pem" },
  privateKeyEncoding: { type: "pkcs8", format: "pem" },
});

/** What caching_sha2_password and sha256_password say along the way. */
const MORE = { enough: Buffer.from([3]), "in full": Buffer.from([4]), "public key": Buffer.from(publicKey) };

export async function startMysqlPeer(
  greets: string,
  requests: Request[],
  tls?: { certificate: string; key: string },
): Promise<MysqlPeer> {
  const heard: Buffer[] = [];
  const talk = (stream: Duplex, left: Request[]) => {
    let waiting = Buffer.alloc(0);
    stream.on("error", () => undefined);
    stream.on("data", (chunk: Buffer) => {
      waiting = Buffer.concat([waiting, chunk]);
      while (waiting.length >= 4 && waiting.length >= 4 + waiting.readUIntLE(0, 3)) {
        const end = 4 + waiting.readUIntLE(0, 3);
        const [body, number] = [waiting.subarray(4, end), waiting[3] ?? 0];
        waiting = waiting.subarray(end);
        heard.push(body, opened(body));
        const request = left.shift();
        stream.write(packet(number + 1, request ? asked(request) : OK));
        // Nothing more is said to that: it is the server's own word that comes next.
        if (request && "more" in request && request.more === "enough") stream.write(packet(number + 2, OK));
      }
    });
  };
  const peer = await startPeer((socket) => {
    socket.write(packet(0, greeting(greets, tls !== undefined)));
    if (!tls) return talk(socket, [...requests]);
    const [cert, key] = [readFileSync(tls.certificate), readFileSync(tls.key)];
    // The request for encryption: a head, and 32 bytes. What follows is encrypted.
    socket.once("readable", () => {
      if (socket.read(36)) talk(new TLSSocket(socket, { isServer: true, cert, key }), [...requests]);
    });
  });
  return { port: peer.port, heard: () => Buffer.concat(heard).toString("latin1"), stop: peer.stop };
}

function asked(request: Request): Buffer {
  if ("plugin" in request) return Buffer.from(`\xfe${request.plugin}\0${SCRAMBLE}\0`, "latin1");
  return Buffer.concat([Buffer.from([1]), MORE[request.more]]);
}

/** What was encrypted for the key that this server hands over. */
function opened(body: Buffer): Buffer {
  if (body.length !== 256) return Buffer.alloc(0);
  const padding = constants.RSA_PKCS1_OAEP_PADDING;
  const hidden = privateDecrypt({ key: privateKey, padding, oaepHash: "sha1" }, body);
  return Buffer.from(hidden.map((byte, at) => byte ^ SCRAMBLE.charCodeAt(at % SCRAMBLE.length)));
}

const packet = (number: number, body: Buffer) =>
  Buffer.concat([Buffer.from([body.length & 0xff, body.length >> 8, 0, number]), body]);

/** A greeting that signs people in by this plugin unless told otherwise, with or without encryption to offer. */
function greeting(plugin: string, encrypts: boolean): Buffer {
  const capabilities = 0x00_08_82_00 | (encrypts ? 0x0800 : 0); // protocol 4.1, secure connection, plugin by name
  return Buffer.concat([
    Buffer.from([10]),
    Buffer.from("8.0.0-test\0"),
    Buffer.from([1, 0, 0, 0]),
    Buffer.from(`${SCRAMBLE.slice(0, 8)}\0`),
    Buffer.from([capabilities & 0xff, (capabilities >> 8) & 0xff, 33, 2, 0, (capabilities >> 16) & 0xff, 0, 21]),
    Buffer.alloc(10),
    Buffer.from(`${SCRAMBLE.slice(8)}\0`),
    Buffer.from(`${plugin}\0`),
  ]);
}
