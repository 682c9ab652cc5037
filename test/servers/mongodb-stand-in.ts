import { createHash, createHmac, pbkdf2Sync, randomBytes, timingSafeEqual } from "node:crypto";
import type { AddressInfo } from "node:net";
import { createServer, type Socket } from "node:net";
import { type Document, deserialize, Long, serialize } from "bson";

/**
 * A stand-in for a MongoDB server, because Debian has none: it speaks as much of the wire protocol as a sign-in and a list
 * of collections need, and really judges SCRAM-SHA-256 (RFC 7677). What it shows is our side of the conversation.
 */
export interface MongodbStandIn {
  port: number;
  user: string;
  password: string;
  /** Somebody who may sign in and see nothing. */
  powerless: string;
  connections: () => number;
  /** How many proofs of a password it was given. */
  proofs: () => number;
  stop: () => Promise<void>;
}

/** `rounds` is what it asks for; a proof of more than the usual number is never right. */
export async function startMongodbStandIn({ rounds = ROUNDS }: { rounds?: number } = {}): Promise<MongodbStandIn> {
  const password = randomBytes(12).toString("hex");
  const users = ["reader", "powerless"];
  const sockets = new Set<Socket>();
  const heard = { proofs: 0 };
  let connections = 0;
  const server = createServer((socket) => {
    connections += 1;
    sockets.add(socket.on("close", () => sockets.delete(socket)).on("error", () => undefined));
    const session = new Session(users, password, rounds, heard);
    let waiting = Buffer.alloc(0);
    socket.on("data", (chunk) => {
      waiting = Buffer.concat([waiting, chunk]);
      while (waiting.length >= 16 && waiting.length >= waiting.readInt32LE(0)) {
        const message = waiting.subarray(0, waiting.readInt32LE(0));
        waiting = waiting.subarray(message.length);
        const reply = answer(message, session);
        if (reply) socket.write(reply);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    user: "reader",
    password,
    powerless: "powerless",
    connections: () => connections,
    proofs: () => heard.proofs,
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((done) => server.close(done));
    },
  };
}

const [OP_REPLY, OP_QUERY, OP_MSG] = [1, 2004, 2013];

/** Requests are documents in one of two envelopes; answers go out in the same. */
function answer(message: Buffer, session: Session): Buffer | undefined {
  const [requestId, operation] = [message.readInt32LE(4), message.readInt32LE(12)];
  if (operation === OP_MSG) {
    const flags = message.readUInt32LE(16);
    const body = serialize(session.reply(deserialize(message.subarray(21))));
    // "No answer, please": what is said on the way out.
    if (flags & 2) return undefined;
    return framed(requestId, OP_MSG, Buffer.concat([Buffer.alloc(5), body]));
  }
  if (operation !== OP_QUERY) return undefined;
  const nameEnds = message.indexOf(0, 20);
  const body = serialize(session.reply(deserialize(message.subarray(nameEnds + 9))));
  const head = Buffer.alloc(20);
  head.writeInt32LE(8, 0);
  head.writeInt32LE(1, 16);
  return framed(requestId, OP_REPLY, Buffer.concat([head, body]));
}

function framed(inReplyTo: number, operation: number, body: Uint8Array): Buffer {
  const head = Buffer.alloc(16);
  head.writeInt32LE(16 + body.length, 0);
  head.writeInt32LE(inReplyTo, 8);
  head.writeInt32LE(operation, 12);
  return Buffer.concat([head, body]);
}

const HELLO = {
  ok: 1,
  helloOk: true,
  isWritablePrimary: true,
  ismaster: true,
  maxBsonObjectSize: 16_777_216,
  maxMessageSizeBytes: 48_000_000,
  maxWriteBatchSize: 100_000,
  minWireVersion: 0,
  maxWireVersion: 21,
};
const ROUNDS = 4_096;
const refused = (code: number, codeName: string) => ({ ok: 0, code, codeName, errmsg: codeName });

class Session {
  private signedIn: string | undefined;
  private exchange: { user: string; salted: Buffer; text: string; nonce: string } | undefined;

  constructor(
    private readonly users: string[],
    private readonly password: string,
    private readonly rounds: number,
    private readonly heard: { proofs: number },
  ) {}

  reply(command: Document): Document {
    const [name] = Object.keys(command);
    if (name === "hello" || name === "ismaster" || name === "isMaster")
      return { ...HELLO, ...(command.saslSupportedMechs && { saslSupportedMechs: ["SCRAM-SHA-256"] }) };
    if (name === "saslStart") return this.first(String(command.payload.toString("utf8")));
    if (name === "saslContinue") return this.last(String(command.payload.toString("utf8")));
    if (name === "endSessions") return { ok: 1 };
    if (this.signedIn !== "reader") return refused(13, "Unauthorized");
    if (name === "listCollections")
      return {
        ok: 1,
        cursor: { id: Long.ZERO, ns: "app.$cmd.listCollections", firstBatch: [{ name: "orders", type: "collection" }] },
      };
    return { ok: 1 };
  }

  private first(payload: string): Document {
    const [, user = "", theirs = ""] = /^n,,n=([^,]*),r=(.*)$/.exec(payload) ?? [];
    const [salt, nonce] = [randomBytes(16), theirs + randomBytes(12).toString("base64")];
    const text = `r=${nonce},s=${salt.toString("base64")},i=${this.rounds}`;
    // An unknown user gets the same conversation, and fails at its end.
    const secret = this.users.includes(user) ? this.password : randomBytes(12).toString("hex");
    // Nobody is to finish what no computer would.
    const salted = pbkdf2Sync(secret, salt, Math.min(this.rounds, ROUNDS), 32, "sha256");
    this.exchange = { user, salted, nonce, text: `n=${user},r=${theirs},${text}` };
    return { ok: 1, conversationId: 1, done: false, payload: Buffer.from(text) };
  }

  private last(payload: string): Document {
    this.heard.proofs += 1;
    const [, bare = "", proof = ""] = /^(c=biws,r=[^,]*),p=(.*)$/.exec(payload) ?? [];
    if (!this.exchange || !bare.endsWith(this.exchange.nonce)) return refused(18, "AuthenticationFailed");
    const { salted, text, user } = this.exchange;
    const signed = `${text},${bare}`;
    const stored = createHash("sha256").update(hmac(salted, "Client Key")).digest();
    const signature = hmac(stored, signed);
    const given = Buffer.from(proof, "base64");
    const key = Buffer.from(signature.map((byte, at) => byte ^ (given[at] ?? 0)));
    if (!timingSafeEqual(createHash("sha256").update(key).digest(), stored)) return refused(18, "AuthenticationFailed");
    this.signedIn = user;
    const verifier = hmac(hmac(salted, "Server Key"), signed).toString("base64");
    return { ok: 1, conversationId: 1, done: true, payload: Buffer.from(`v=${verifier}`) };
  }
}

const hmac = (key: Buffer, text: string) => createHmac("sha256", key).update(text).digest();
