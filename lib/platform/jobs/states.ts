import "server-only";
import { z } from "zod";
import { statement } from "@/lib/platform/db";
import { isUuid } from "@/lib/platform/uuid";
import { DEAD_LETTERS, JOBS_SCHEMA, queues } from "@/prisma/queues.mjs";
import { type Job, jobSchema, type Queue, send } from "./index";

/** How a queue stands, over all instances. */
export interface QueueState {
  queue: Queue;
  /** Jobs whose time has come or will come, those that failed and are tried again included. */
  waiting: number;
  /** Of those, the ones that failed before. */
  retrying: number;
  running: number;
  /** For how long the one that should have begun first has been waiting; 0 where none is late. */
  lateSeconds: number;
  /** The end of the last one that went well, of the last hour. */
  lastDoneAt: Date | null;
  deadLetters: number;
}

/** One line for each queue, in their order. */
export async function queueStates(): Promise<QueueState[]> {
  const rows = await statement<QueueState>(
    "queue_states",
    `SELECT q.name AS queue,
       count(*) FILTER (WHERE j.name = q.name AND j.state < 'active')::int AS waiting,
       count(*) FILTER (WHERE j.name = q.name AND j.state = 'retry')::int AS retrying,
       count(*) FILTER (WHERE j.name = q.name AND j.state = 'active')::int AS running,
       greatest(0, coalesce(extract(epoch FROM now() - min(j.start_after) FILTER (WHERE j.name = q.name AND j.state < 'active')), 0))::int
         AS "lateSeconds",
       max(j.completed_on) FILTER (WHERE j.name = q.name AND j.state = 'completed') AS "lastDoneAt",
       count(*) FILTER (WHERE j.name = $2 AND j.state < 'active')::int AS "deadLetters"
       FROM unnest($1::text[]) WITH ORDINALITY AS q (name, place)
       LEFT JOIN ${JOBS_SCHEMA}.job j ON j.name = q.name OR (j.name = $2 AND j.data->>'queue' = q.name)
       GROUP BY q.name, q.place ORDER BY q.place`,
    [Object.keys(queues), DEAD_LETTERS],
  );
  return rows;
}

/** A job that failed for the last time. */
export interface DeadLetter {
  id: string;
  job: Job;
  failedAt: Date;
  /** Class and code of what it failed with. */
  error: string;
}

const MANY = 100;
const outputSchema = z.object({ message: z.string() }).catch({ message: "unknown" });
/** As the library puts one where the process is gone. */
const expiredSchema = z.object({ value: z.object({ message: z.string() }) });

/** The newest hundred. */
export async function deadLetters(): Promise<DeadLetter[]> {
  const rows = await statement<{ id: string; data: unknown; created_on: Date; output: unknown }>(
    "dead_letters",
    `SELECT id, data, created_on, output FROM ${JOBS_SCHEMA}.job WHERE name = $1 AND state < 'active' ORDER BY created_on DESC LIMIT ${MANY}`,
    [DEAD_LETTERS],
  );
  return rows.flatMap(({ id, data, created_on: failedAt, output }) => {
    const job = jobSchema.safeParse(data);
    return job.success ? [{ id, job: job.data, failedAt, error: wordsOf(output) }] : [];
  });
}

function wordsOf(output: unknown): string {
  const expired = expiredSchema.safeParse(output);
  return expired.success ? expired.data.value.message : outputSchema.parse(output).message;
}

/** Sends a dead letter's job again and puts the letter away. @returns false where there is no such letter */
export async function resend(id: string): Promise<boolean> {
  const letter = (await deadLetters()).find((one) => one.id === id);
  if (!letter) return false;
  await send(letter.job);
  return putAway(id);
}

/** @returns false where there is no such letter */
export async function putAway(id: string): Promise<boolean> {
  if (!isUuid(id)) return false;
  const gone = await statement("put_away", `DELETE FROM ${JOBS_SCHEMA}.job WHERE name = $1 AND id = $2 RETURNING id`, [
    DEAD_LETTERS,
    id,
  ]);
  return gone.length > 0;
}
