import { randomUUID } from "node:crypto";
import { fileURLToPath } from "node:url";
import pg from "pg";
import PgBoss from "pg-boss";
import { afterAll, describe, expect, test } from "vitest";
import { applyJobs } from "./jobs.mjs";
import { migrate } from "./migrate.mjs";
import { DEAD_LETTERS, JOBS_SCHEMA, queueOptions } from "./queues.mjs";

const ours = fileURLToPath(new URL("migrations", import.meta.url));

describe("the tables of the job queues", () => {
  test("come with the first start, hold every queue with its bound and its dead letters, and are left alone by the next", async () => {
    const { url, db } = await database();
    const said: string[] = [];
    await migrate(url, ours, (line) => said.push(line));
    expect(said).toContain("made the job queues' tables");
    const { rows } = await db.query(`SELECT name, expire_seconds, dead_letter, policy FROM ${JOBS_SCHEMA}.queue`);
    expect(new Set(rows.map(({ name }) => name))).toEqual(new Set(Object.keys(queueOptions())));
    for (const { name, expire_seconds, dead_letter, policy } of rows.filter(({ name }) => name !== DEAD_LETTERS)) {
      expect([dead_letter, policy], name).toEqual([DEAD_LETTERS, "short"]);
      expect(expire_seconds, name).toBeGreaterThan(0);
    }
    const before = await standOf(db);
    await migrate(url, ours, (line) => said.push(line));
    expect(await standOf(db)).toEqual(before);
    expect(said.filter((line) => line.includes("job queues"))).toHaveLength(1);
  });

  test("follow a bound that a new version changes, and keep the jobs that wait", async () => {
    const { url, db } = await database();
    await migrate(url, ours, () => {});
    await db.query(`UPDATE ${JOBS_SCHEMA}.queue SET expire_seconds = 1, policy = 'standard' WHERE name = 'renewals'`);
    await db.query(`INSERT INTO ${JOBS_SCHEMA}.job (name) VALUES ('renewals')`);
    await migrate(url, ours, () => {});
    const { rows } = await db.query(
      `SELECT q.policy, q.expire_seconds > 1 AS changed, count(j.id)::int AS waiting FROM ${JOBS_SCHEMA}.queue q
         JOIN ${JOBS_SCHEMA}.job j ON j.name = q.name WHERE q.name = 'renewals' GROUP BY 1, 2`,
    );
    expect(rows).toEqual([{ policy: "short", changed: true, waiting: 1 }]);
  });

  test("of an earlier version of the library are brought up to date; those of a later one are refused", async () => {
    const { url, db } = await database();
    await migrate(url, ours, () => {});
    const wanted = await columnsOf(db);
    await db.query(PgBoss.getRollbackPlans(JOBS_SCHEMA));
    const said: string[] = [];
    await migrate(url, ours, (line) => said.push(line));
    expect(said).toContain("brought the job queues' tables up to date");
    expect(await columnsOf(db)).toEqual(wanted);
    await db.query(`UPDATE ${JOBS_SCHEMA}.version SET version = version + 1`);
    await expect(migrate(url, ours, () => {})).rejects.toThrow("newer than this program");
  });

  test("are there whole or not at all, wherever their making is cut off", async () => {
    const { url, db } = await database();
    const { role } = await migrate(url, ours, () => {});
    await db.query(`DROP SCHEMA ${JOBS_SCHEMA} CASCADE`);
    let cut = 0;
    for (; ; cut++) {
      const client = cutAfter(new pg.Client({ connectionString: url }), cut);
      const end = await applyJobs(client, { role, log: () => {} }).then(
        () => "whole",
        (error: Error) => error.message,
      );
      await client.end();
      if (end === "whole") break;
      expect(end).toBe("cut off");
    }
    expect(cut).toBeGreaterThan(5);
    expect((await db.query(`SELECT count(*)::int AS count FROM ${JOBS_SCHEMA}.queue`)).rows).toEqual([
      { count: Object.keys(queueOptions()).length },
    ]);
  });

  test("let the application read and write jobs, and neither make, change nor remove a queue", async () => {
    const { url, db } = await database();
    const { role } = await migrate(url, ours, () => {});
    await db.query(`SET ROLE ${role}`);
    await db.query(`INSERT INTO ${JOBS_SCHEMA}.job (name) VALUES ('retention')`);
    await db.query(`DELETE FROM ${JOBS_SCHEMA}.job`);
    for (const forbidden of [
      `SELECT ${JOBS_SCHEMA}.create_queue('more', '{}')`,
      `SELECT ${JOBS_SCHEMA}.delete_queue('retention')`,
      `UPDATE ${JOBS_SCHEMA}.queue SET dead_letter = NULL`,
      `UPDATE ${JOBS_SCHEMA}.version SET version = 1`,
      `CREATE TABLE ${JOBS_SCHEMA}.more (id int)`,
      `TRUNCATE ${JOBS_SCHEMA}.job`,
    ]) {
      await expect(db.query(forbidden), forbidden).rejects.toMatchObject({ code: "42501" });
    }
  });
});

/** A connection that ends before the statement after so many. */
function cutAfter(client: pg.Client, statements: number): pg.Client {
  client.on("error", () => {});
  let left = statements;
  const query = client.query.bind(client) as (...args: unknown[]) => Promise<pg.QueryResult>;
  const connected = client.connect();
  client.query = (async (...args: unknown[]) => {
    await connected;
    if (args[0] === "ROLLBACK") return query(...args);
    if (left-- <= 0) throw new Error("cut off");
    return query(...args);
  }) as typeof client.query;
  return client;
}

const standOf = async (db: pg.Client) =>
  (await db.query(`SELECT xmin::text, name FROM ${JOBS_SCHEMA}.queue ORDER BY name`)).rows;

const columnsOf = async (db: pg.Client) =>
  (
    await db.query(
      `SELECT table_name, column_name, data_type, column_default FROM information_schema.columns
        WHERE table_schema = $1 AND table_name !~ '^j[0-9a-f]{56}$' ORDER BY 1, 2`,
      [JOBS_SCHEMA],
    )
  ).rows;

const opened: { db: pg.Client; name: string }[] = [];

async function database(): Promise<{ url: string; db: pg.Client }> {
  const name = `jobs_${randomUUID().replaceAll("-", "")}`;
  const root = new pg.Client({ connectionString: process.env.TEST_OWNER_DATABASE_URL });
  await root.connect();
  await root.query(`CREATE DATABASE ${name}`);
  await root.end();
  const url = Object.assign(new URL(process.env.TEST_OWNER_DATABASE_URL ?? ""), { pathname: `/${name}` }).href;
  const db = new pg.Client({ connectionString: url });
  await db.connect();
  opened.push({ db, name });
  return { url, db };
}

afterAll(async () => {
  for (const { db } of opened) await db.end();
  const root = new pg.Client({ connectionString: process.env.TEST_OWNER_DATABASE_URL });
  await root.connect();
  for (const { name } of opened) await root.query(`DROP DATABASE ${name} WITH (FORCE)`);
  await root.end();
});
