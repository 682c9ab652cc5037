import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";

/** Everything that this process's connections to the database go through. */
const wires: Socket[] = [];
const exchange = createServer((ours) => {
  const theirs = connect(Number(database.port), database.hostname);
  for (const wire of [ours, theirs]) wires.push(wire.on("error", () => undefined));
  ours.pipe(theirs).pipe(ours);
});
const database = new URL(process.env.DATABASE_URL ?? "");
const owner = new pg.Client({ connectionString: process.env.TEST_OWNER_DATABASE_URL });
const unheard: unknown[] = [];
const hear = (error: unknown) => unheard.push(error);

beforeAll(async () => {
  await owner.connect();
  await new Promise<void>((open) => exchange.listen(0, "127.0.0.1", open));
  const { port } = exchange.address() as AddressInfo;
  process.env.DATABASE_URL = Object.assign(new URL(database), { host: `127.0.0.1:${port}` }).href;
  process.on("uncaughtException", hear);
});
afterAll(async () => {
  process.off("uncaughtException", hear);
  await owner.end();
  exchange.close();
});

test.each(["destroy", "resetAndDestroy"] as const)(
  "work that loses its connection in the middle (%s) is refused for now, and ends nothing else",
  async (cut) => {
    const { disconnect, statement, withConnection, wholeOf } = await import("@/lib/platform/db");
    const long = `SELECT pg_sleep(15), '${cut}'`;
    const works = [
      statement(cut, long, []),
      withConnection(wholeOf("01a21554-74a7-7470-bba0-c6d37613f0bb"), (client) => client.query(long)),
    ].map((work) => expect(work).rejects.toMatchObject({ code: "unavailable", retryAfterSeconds: 2 }));
    const running = "SELECT count(*)::int AS n FROM pg_stat_activity WHERE query = $1 AND state = 'active'";
    await expect.poll(async () => (await owner.query(running, [long])).rows[0].n).toBe(2);
    for (const wire of wires.splice(0)) wire[cut]();
    await Promise.all(works);
    expect(await statement("after", "SELECT 1 AS one", [])).toEqual([{ one: 1 }]);
    expect(unheard).toEqual([]);
    await disconnect();
  },
);
