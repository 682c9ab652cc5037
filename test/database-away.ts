import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

/**
 * A database that can be away: everything that this process says to it goes through here, and can be cut. DATABASE_URL leads
 * here from now on, so what reads it is imported afterwards.
 */
export interface DatabaseAway {
  cut: () => void;
  /** Comes back once this process knows of every connection that was cut: it would still try one that it took for whole. */
  back: () => Promise<void>;
  close: () => void;
}

export async function databaseAway(): Promise<DatabaseAway> {
  const database = new URL(process.env.DATABASE_URL ?? "");
  const wires = new Set<Socket>();
  let away = false;
  const relay = createServer((ours) => {
    const theirs = connect(Number(database.port), database.hostname);
    for (const wire of [ours, theirs]) {
      wires.add(wire);
      wire.on("error", () => undefined).on("close", () => wires.delete(wire));
    }
    if (away) for (const wire of [ours, theirs]) wire.destroy();
    ours.pipe(theirs).pipe(ours);
  });
  await new Promise<void>((open) => relay.listen(0, "127.0.0.1", open));
  const { port } = relay.address() as AddressInfo;
  process.env.DATABASE_URL = Object.assign(new URL(database), { host: `127.0.0.1:${port}` }).href;
  return {
    cut: () => {
      away = true;
      for (const wire of wires) wire.destroy();
    },
    back: async () => {
      const { sharedPool } = await import("@/lib/platform/db");
      while (away && sharedPool().totalCount > 0) await sleep(5);
      away = false;
    },
    close: () => relay.close(),
  };
}
