import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";

const database = new URL(process.env.DATABASE_URL ?? "");
/** While it is silent, nothing goes through in either direction, and new connections are taken and left without a word. */
let silent = false;
const open = new Set<Socket>();
const exchange = createServer((ours) => {
  open.add(ours.on("error", () => undefined).on("close", () => open.delete(ours)));
  const theirs = connect(Number(database.port), database.hostname).on("error", () => undefined);
  ours.on("data", (chunk) => silent || theirs.write(chunk)).on("close", () => theirs.destroy());
  theirs.on("data", (chunk) => silent || ours.write(chunk)).on("close", () => silent || ours.destroy());
});

beforeAll(async () => {
  await owner.connect();
  await new Promise<void>((ready) => exchange.listen(0, "127.0.0.1", ready));
  const { port } = exchange.address() as AddressInfo;
  process.env.DATABASE_URL = Object.assign(new URL(database), { host: `127.0.0.1:${port}` }).href;
});
afterAll(async () => {
  const { disconnect } = await import(".");
  await disconnect();
  await owner.end();
  exchange.close();
});

const ORG = "01a21554-74a7-7470-bba0-c6d37613f0bb";
/** Somebody who is not behind the exchange. */
const owner = new pg.Client({ connectionString: process.env.TEST_OWNER_DATABASE_URL });
const sleeping = async () =>
  (
    await owner.query(
      "SELECT FROM pg_stat_activity WHERE query ~ 'pg_sleep[(]14[)]' AND state = 'active' AND pid <> pg_backend_pid()",
    )
  ).rowCount;

test("work under way when the database falls silent ends as unavailable, long before its own time is over, and its connection with it", async () => {
  const { inSight, statement, wholeOf, withConnection } = await import(".");
  await statement("warm", "SELECT 1", []);
  const sleep = "SELECT pg_sleep(14)";
  const works = [
    statement("sleep", sleep, []),
    withConnection(wholeOf(ORG), (client) => client.query(sleep)),
    inSight(wholeOf(ORG), (tx) => tx.$queryRawUnsafe(`SELECT pg_sleep(14)::text`)),
  ].map((work) => expect(work).rejects.toMatchObject({ code: "unavailable", retryAfterSeconds: 2 }));
  await expect.poll(sleeping).toBe(3);
  silent = true;
  await Promise.all(works);
  // The database is at it still: it would have ended them after fifteen seconds, the driver would have waited for twenty.
  expect(await sleeping()).toBe(3);
  silent = false;
  await expect.poll(() => open.size).toBe(0);
  expect(await statement("after", "SELECT 1 AS one", [])).toEqual([{ one: 1 }]);
});

test("a statement that is merely slow goes on", async () => {
  const { statement } = await import(".");
  expect(await statement("slow", "SELECT 1 AS one FROM pg_sleep(5)", [])).toEqual([{ one: 1 }]);
});
