import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/**
 * Stands between the product and its real database, and cuts the connection at the n-th request: before it reaches the
 * database, or after the database has done it and before the product hears so.
 */
export type CutMoment = "before it arrives" | "before its answer";

interface Cut {
  left: number;
  moment: CutMoment;
  isDone: boolean;
}

export interface CuttingRelay {
  /** The database's address, through the relay. */
  url: string;
  cutAt: (request: number, moment: CutMoment) => void;
  /** True when the cut that was wanted has been made; none is wanted any more. */
  wasCut: () => boolean;
  close: () => Promise<void>;
}

export async function cuttingRelay(databaseUrl: string): Promise<CuttingRelay> {
  const target = new URL(databaseUrl);
  let cut: Cut | undefined;
  const open = new Set<Socket>();

  const server = createServer((ours) => {
    const theirs = connect(Number(target.port), target.hostname);
    for (const socket of [ours, theirs]) {
      open.add(socket.on("error", () => undefined).setNoDelay(true));
      socket.on("close", () => open.delete(socket));
    }
    let silenced = false;
    const end = () => {
      ours.destroy();
      theirs.destroy();
    };
    const messages = frontendMessages();
    ours.on("data", (chunk) => {
      for (const message of messages(chunk)) {
        if (cut && !cut.isDone && asksForAnswer(message) && --cut.left === 0) {
          cut.isDone = true;
          if (cut.moment === "before it arrives") return end();
          silenced = true;
        }
        theirs.write(message);
      }
    });
    theirs.on("data", (chunk) => {
      if (!silenced) ours.write(chunk);
      // ReadyForQuery: what was asked for is done, and durable.
      else if (chunk.subarray(-6, -1).equals(READY)) end();
    });
    ours.on("close", end);
    theirs.on("close", end);
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.address() as AddressInfo;
  return {
    url: Object.assign(new URL(databaseUrl), { host: `127.0.0.1:${port}` }).href,
    cutAt: (request, moment) => {
      cut = { left: request, moment, isDone: false };
    },
    wasCut: () => {
      const isDone = cut?.isDone ?? false;
      cut = undefined;
      return isDone;
    },
    close: () => {
      for (const socket of open) socket.destroy();
      return new Promise((closed) => server.close(() => closed()));
    },
  };
}

const READY = Buffer.from([0x5a, 0, 0, 0, 5]);
const QUERY = 0x51;
const SYNC = 0x53;

/** A simple query, or the end of an extended one: what the other side waits after. */
const asksForAnswer = (message: Buffer): boolean => message[0] === QUERY || message[0] === SYNC;

/** Splits what a client sends into messages. The first has no type byte. */
function frontendMessages(): (chunk: Buffer) => Buffer[] {
  let rest = Buffer.alloc(0);
  let isStartup = true;
  return (chunk) => {
    rest = Buffer.concat([rest, chunk]);
    const found: Buffer[] = [];
    for (;;) {
      const head = isStartup ? 0 : 1;
      if (rest.length < head + 4) return found;
      const length = head + rest.readUInt32BE(head);
      if (rest.length < length) return found;
      found.push(rest.subarray(0, length));
      rest = rest.subarray(length);
      isStartup = false;
    }
  };
}
