import { randomUUID } from "node:crypto";
import pg from "pg";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { ownDatabase } from "@/test/own-database";

// Jobs are of a whole installation, so they have a database of their own.
const database = await ownDatabase();
process.env.DATABASE_URL = database.url;
const { defer, JobWorker, send } = await import("./index");
const { log } = await import("@/lib/platform/log");
const { deadLetters, putAway, queueStates, resend } = await import("./states");
const { DEAD_LETTERS, JOBS_SCHEMA, queues } = await import("@/prisma/queues.mjs");
type Handler = import("./index").Handler;
type Queue = import("./index").Queue;
const names = Object.keys(queues) as Queue[];

let owner: pg.Client;
beforeAll(async () => {
  owner = new pg.Client({ connectionString: database.ownerUrl });
  await owner.connect();
});
afterAll(() => owner.end());

const running: InstanceType<typeof JobWorker>[] = [];
beforeEach(() => owner.query(`DELETE FROM ${JOBS_SCHEMA}.job`));
afterEach(async () => {
  await Promise.all(running.splice(0).map((worker) => worker.stop()));
});

const nothing = async () => {};

/** Something that happens once, and whoever waits for it. */
function moment(): { happen: () => void; happened: Promise<void> } {
  let happen = () => {};
  const happened = new Promise<void>((resolve) => {
    happen = resolve;
  });
  return { happen, happened };
}

/** An instance that works; what is not said, does nothing. */
function instance(handlers: Partial<Record<Queue, Handler>> = {}) {
  const worker = new JobWorker({
    ...{ renewals: nothing, rotations: nothing, revocations: nothing, retention: nothing },
    ...{ "audit-streams": nothing, "use-counts": nothing },
    ...handlers,
  });
  running.push(worker);
  worker.start();
  return worker;
}

const jobsOf = async (queue: string) =>
  (await owner.query(`SELECT state, output, retry_count FROM ${JOBS_SCHEMA}.job WHERE name = $1`, [queue])).rows;
const stateOf = async (queue: Queue) => (await queueStates()).find((one) => one.queue === queue);

describe("a round", () => {
  test("is begun once by all instances together in its span of time", async () => {
    const begun: string[] = [];
    for (const _ of [1, 2, 3]) instance({ retention: async () => void begun.push("retention") });
    await expect.poll(() => jobsOf("retention")).toMatchObject([{ state: "completed" }]);
    expect(begun).toEqual(["retention"]);
    // Whoever comes up later in the same hour finds it done.
    await Promise.all(running.splice(0).map((worker) => worker.stop()));
    instance({ retention: async () => void begun.push("again"), rotations: async () => void begun.push("rotation") });
    await expect.poll(() => begun, { timeout: 30_000 }).toContain("rotation");
    expect(begun).not.toContain("again");
  });

  test("that fails is tried again in place of a next one, and what is kept of it is class and code", async () => {
    const secret = `value-${randomUUID()}`;
    instance({
      renewals: async () => {
        throw Object.assign(new TypeError(secret), { code: "ECONNRESET" });
      },
    });
    await expect.poll(() => jobsOf("renewals")).toMatchObject([{ state: "retry" }]);
    instance();
    expect(await stateOf("renewals")).toMatchObject({ waiting: 1, retrying: 1, running: 0, deadLetters: 0 });
    const [{ output }] = await jobsOf("renewals");
    expect(output).toMatchObject({ message: "TypeError ECONNRESET" });
    expect(JSON.stringify(output)).not.toContain(secret);
  });
});

describe("a job", () => {
  test("that fails for the last time is a dead letter, from where it is sent again or put away", async () => {
    const orgId = randomUUID();
    await defer("use-counts", orgId, 0);
    await owner.query(`UPDATE ${JOBS_SCHEMA}.job SET retry_limit = 0`);
    let isMended = false;
    const counted: unknown[] = [];
    const work: Handler = async ({ orgId: of }) => {
      if (!isMended) throw new Error("broken");
      counted.push(of);
    };
    instance({ "use-counts": work });
    await expect.poll(deadLetters).toMatchObject([{ job: { queue: "use-counts", orgId }, error: "Error" }]);
    expect(await stateOf("use-counts")).toMatchObject({ waiting: 0, deadLetters: 1 });
    isMended = true;
    const [letter] = await deadLetters();
    expect(await resend(letter?.id ?? "")).toBe(true);
    await expect.poll(() => counted).toEqual([orgId]);
    expect(await deadLetters()).toEqual([]);
    for (const none of [letter?.id ?? "", randomUUID(), "no id"]) {
      expect([await resend(none), await putAway(none)], none).toEqual([false, false]);
    }
  });

  test("waits once for each organisation, however many ask", async () => {
    const [one, other] = [randomUUID(), randomUUID()];
    await Promise.all([one, one, other, one, other].map((orgId) => defer("use-counts", orgId, 600)));
    expect(await jobsOf("use-counts")).toHaveLength(2);
    expect(await stateOf("use-counts")).toMatchObject({ waiting: 2, lateSeconds: 0 });
  });

  test("whose process is gone is given to another once its bound is over, and not before", async () => {
    await send({ queue: "rotations" });
    await owner.query(`UPDATE ${JOBS_SCHEMA}.job SET state = 'active', started_on = now() WHERE name = 'rotations'`);
    const { default: PgBoss } = await import("pg-boss");
    const library = new PgBoss({
      db: { executeSql: (text, values) => owner.query(text, values) },
      schema: JOBS_SCHEMA,
    });
    await library.maintain();
    expect(await jobsOf("rotations")).toMatchObject([{ state: "active" }]);
    await owner.query(
      `UPDATE ${JOBS_SCHEMA}.job SET started_on = now() - make_interval(secs => ${queues.rotations.boundSeconds + 1})`,
    );
    await library.maintain();
    expect(await jobsOf("rotations")).toMatchObject([{ state: "retry" }]);
    await owner.query(`UPDATE ${JOBS_SCHEMA}.job SET start_after = now() - interval '1 second'`);
    instance();
    // Of the two, the later one is the next round.
    await expect
      .poll(() => jobsOf("rotations"))
      .toContainEqual(expect.objectContaining({ state: "completed", retry_count: 1 }));
  });

  test("under way is told when its instance ends, and the end waits for it", async () => {
    const begun = moment();
    const worker = instance({
      revocations: (_, signal) =>
        new Promise<void>((resolve) => {
          begun.happen();
          signal.addEventListener("abort", () => setImmediate(resolve));
        }),
    });
    await begun.happened;
    await worker.stop();
    await expect.poll(() => jobsOf("revocations")).toMatchObject([{ state: "completed" }]);
  });

  test("whose end cannot be noted, because the database is away, ends no process and is tried again", async () => {
    const unforeseen: unknown[] = [];
    const note = (error: unknown) => unforeseen.push(error);
    process.on("unhandledRejection", note);
    const [begun, away] = [moment(), moment()];
    const worker = instance({
      revocations: async () => {
        begun.happen();
        await away.happened;
      },
    });
    await begun.happened;
    const told: string[] = [];
    const warn = vi.spyOn(log, "warn").mockImplementation((text) => void told.push(String(text)));
    await owner.query(`ALTER TABLE ${JOBS_SCHEMA}.job RENAME TO job_away`);
    away.happen();
    // Its end does not wait for a note that is under way, so the table stays away until that has failed.
    await expect.poll(() => told).toContain("the job queues could not be reached");
    await worker.stop();
    warn.mockRestore();
    await owner.query(`ALTER TABLE ${JOBS_SCHEMA}.job_away RENAME TO job`);
    // Past its bound it will count as failed.
    expect(await jobsOf("revocations")).toMatchObject([{ state: "active" }]);
    process.off("unhandledRejection", note);
    expect(unforeseen).toEqual([]);
  });
});

test("every queue has a bound, a dead letter and a line of its state", async () => {
  expect((await queueStates()).map(({ queue }) => queue)).toEqual(names);
  const { rows } = await owner.query(
    `SELECT name FROM ${JOBS_SCHEMA}.queue WHERE dead_letter = $1 AND expire_seconds > 0`,
    [DEAD_LETTERS],
  );
  expect(rows.map(({ name }) => name).sort()).toEqual([...names].sort());
});
