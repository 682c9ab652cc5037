import { readFileSync } from "node:fs";
import { Duplex } from "node:stream";
import { TLSSocket } from "node:tls";
import { startPeer } from "./peer";

/**
 * A stand-in at the edge of the network, since Debian has no SQL Server: as much of its protocol (TDS 7.4) as the opening, encryption
 * in the middle of it, signing in and an empty answer need, written from Microsoft's description. It is no proof of how real
 * servers behave beyond that.
 */
export interface SqlServerStandIn {
  port: number;
  /** User names of everybody who sent a password, in whatever way. */
  logins: () => string[];
  connections: () => number;
  stop: () => Promise<void>;
}

export interface SqlServerOptions {
  tls?: { certificate: string; key: string };
  /** What it says of encryption; as it has a certificate or not, unless said otherwise. */
  encryption?: keyof typeof ENCRYPTION;
  /** Errors in place of signing anybody in. */
  errors?: number[];
  /** Where it leads those who signed in. */
  leadsTo?: { host: string; port: number };
}

export const SQL_USER = "app";
export const SQL_PASSWORD = "sql-s3cret";
export const SQL_DATABASE = "orders";

const ENCRYPTION = { on: 1, "not supported": 2, required: 3 };
const [BATCH, ANSWER, LOGIN, OPENING] = [0x01, 0x04, 0x10, 0x12];

export async function startSqlServerStandIn(options: SqlServerOptions = {}): Promise<SqlServerStandIn> {
  const logins: string[] = [];
  const peer = await startPeer((socket) => {
    const talk = (way: Duplex, onOpening: () => void) =>
      eachPacket(way, (kind, body) => {
        if (kind === OPENING) {
          way.write(packet(ANSWER, opening(options)));
          onOpening();
        } else if (kind === LOGIN) way.write(packet(ANSWER, signIn(body, logins, options)));
        else if (kind === BATCH) way.write(packet(ANSWER, done()));
      });
    const { tls } = options;
    const stop = talk(socket, () => {
      if (!tls) return;
      stop();
      const [cert, key] = [readFileSync(tls.certificate), readFileSync(tls.key)];
      const inside = new TLSSocket(handshakeIn(socket) as never, { isServer: true, cert, key });
      inside.on("error", () => undefined);
      talk(inside, () => undefined);
    });
  });
  return { port: peer.port, logins: () => logins, connections: peer.connections, stop: peer.stop };
}

/** Reads whole packets. @returns how to stop */
function eachPacket(way: Duplex, take: (kind: number, body: Buffer) => void): () => void {
  let waiting = Buffer.alloc(0);
  const read = (chunk: Buffer) => {
    waiting = Buffer.concat([waiting, chunk]);
    while (waiting.length >= 8 && waiting.length >= waiting.readUInt16BE(2)) {
      const end = waiting.readUInt16BE(2);
      const [kind, body] = [waiting[0] ?? 0, waiting.subarray(8, end)];
      waiting = waiting.subarray(end);
      take(kind, body);
    }
  };
  way.on("error", () => undefined).on("data", read);
  return () => way.off("data", read);
}

/** The stream that TLS sees: its handshake travels in packets of the opening, all that follows as it is. */
function handshakeIn(socket: Duplex): Duplex {
  const APPLICATION_DATA = 0x17;
  let encrypted = false;
  const inner = new Duplex({
    read: () => undefined,
    write(chunk: Buffer, _encoding, written) {
      socket.write(chunk[0] === APPLICATION_DATA ? chunk : packet(OPENING, chunk), written);
    },
  });
  const stop = eachPacket(socket, (kind, body) => {
    if (kind === OPENING) inner.push(body);
  });
  socket.on("data", (chunk: Buffer) => {
    if (!encrypted && chunk[0] !== APPLICATION_DATA) return;
    if (!encrypted) stop();
    encrypted = true;
    inner.push(chunk);
  });
  return inner;
}

function opening({ tls, encryption = tls ? "on" : "not supported" }: SqlServerOptions): Buffer {
  // Version and encryption: where each begins and how long it is, then both.
  const places = Buffer.from([0, 0, 11, 0, 6, 1, 0, 17, 0, 1, 0xff]);
  return Buffer.concat([places, Buffer.from([16, 0, 4, 0, 0, 0]), Buffer.from([ENCRYPTION[encryption]])]);
}

function signIn(body: Buffer, logins: string[], { errors, leadsTo }: SqlServerOptions): Buffer {
  const text = (at: number, turn = (byte: number) => byte) => {
    const from = body.readUInt16LE(at);
    const bytes = body.subarray(from, from + 2 * body.readUInt16LE(at + 2));
    return Buffer.from(bytes.map(turn)).toString("utf16le");
  };
  const [user, database] = [text(40), text(68)];
  const password = text(44, (byte) => (((byte ^ 0xa5) << 4) | ((byte ^ 0xa5) >> 4)) & 0xff);
  logins.push(user);
  const wrong = user !== SQL_USER || password !== SQL_PASSWORD ? [18456] : [];
  const elsewhere = database !== "" && database !== SQL_DATABASE ? [4060, 18456] : [];
  const found = errors ?? (wrong.length > 0 ? wrong : elsewhere);
  if (found.length > 0) return Buffer.concat([...found.map(failure), done(2)]);
  const name = wide("Stand-in");
  const acknowledged = token(0xad, [Buffer.from([1, 0x74, 0, 0, 4, 8]), name, Buffer.from([16, 0, 4, 0])]);
  return Buffer.concat([acknowledged, ...(leadsTo ? [routing(leadsTo)] : []), done()]);
}

function routing({ host, port }: { host: string; port: number }): Buffer {
  const [to, name] = [Buffer.alloc(5), wide(host)];
  to.writeUInt16LE(port, 1);
  to.writeUInt16LE(host.length, 3);
  return token(0xe3, [Buffer.from([20]), int16(to.length + name.length), to, name, int16(0)]);
}

function failure(number: number): Buffer {
  const head = Buffer.alloc(6);
  head.writeInt32LE(number);
  const words = "MARKER says no";
  return token(0xaa, [
    Buffer.concat([head.subarray(0, 4), Buffer.from([1, 14])]),
    int16(words.length),
    wide(words),
    Buffer.from([0, 0, 1, 0, 0, 0]),
  ]);
}

const done = (status = 0) => Buffer.concat([Buffer.from([0xfd]), int16(status), Buffer.alloc(10)]);
const wide = (text: string) => Buffer.from(text, "utf16le");
const token = (kind: number, parts: Buffer[]) => {
  const body = Buffer.concat(parts);
  return Buffer.concat([Buffer.from([kind]), int16(body.length), body]);
};
const int16 = (value: number) => {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
};
const packet = (kind: number, body: Buffer) => {
  const head = Buffer.from([kind, 1, 0, 0, 0, 0, 1, 0]);
  head.writeUInt16BE(8 + body.length, 2);
  return Buffer.concat([head, body]);
};
