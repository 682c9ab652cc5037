import "server-only";
import { setTimeout as sleep } from "node:timers/promises";
import type PgBoss from "pg-boss";
import { z } from "zod";
import { log, traceOf } from "@/lib/platform/log";
import { queues } from "@/prisma/queues.mjs";
import { direct, openBoss, untilAnswered } from "./boss";

/**
 * The background's work, in queues of the database (see `prisma/queues.mjs`): one instance of all takes a job. A job has a bound;
 * past it, or where its process is gone, it counts as failed. What failed is tried again, and ends among the dead letters.
 * A job may be done twice, so whatever must not be guards itself with a lease.
 */
export type Queue = keyof typeof queues;

/** What a job may carry: ids, never a value of anybody's. The queue is there for whoever finds it among the dead letters. */
export const jobSchema = z.object({
  queue: z.enum(Object.keys(queues) as [Queue, ...Queue[]]),
  orgId: z.uuid().optional(),
});
export type Job = z.infer<typeof jobSchema>;

/** Does the jobs of one queue; what it throws makes them fail, and its message goes nowhere. */
export type Handler = (job: Job, signal: AbortSignal) => Promise<unknown>;

// Next loads this module once per layer.
const held = globalThis as typeof globalThis & { latchkeyJobs?: PgBoss | undefined };

/** Only to write jobs: nothing runs by itself. */
function boss(): PgBoss {
  held.latchkeyJobs ??= openBoss();
  return held.latchkeyJobs;
}

/**
 * Puts off work on an organisation; where it waits already, once is enough.
 * @throws Error of the database
 */
export async function defer(queue: Queue, orgId: string, afterSeconds: number): Promise<void> {
  await send({ queue, orgId }, { startAfter: afterSeconds });
}

/** Sends a job; at most one of its queue and organisation waits. @returns whether it is one more @throws Error of the database */
export async function send(job: Job, options: PgBoss.SendOptions = {}): Promise<boolean> {
  const key = job.orgId === undefined ? {} : { singletonKey: job.orgId };
  return (await boss().send(job.queue, job, { ...key, ...options, db: direct })) !== null;
}

/** Jobs of one kind that are taken from the database together. */
const BATCH = 50;
/** How often a queue is looked into whose jobs nobody here has just sent. */
const LOOK_S = 5;

/** Works on all queues until it is told to stop. */
export class JobWorker {
  private readonly timers: NodeJS.Timeout[] = [];
  private readonly workers = new Map<Queue, string>();
  private readonly stopping = new AbortController();
  /** Jobs that are worked on. */
  private readonly underWay = new Set<Promise<void>>();
  private boss = openBoss();
  private started: Promise<unknown> | undefined;

  constructor(private readonly handlers: Record<Queue, Handler>) {}

  /** Begins; where the database is away, with the next round. */
  start(): void {
    for (const queue of names) {
      const { everySeconds } = queues[queue];
      const round = () => void this.round(queue);
      round();
      if (everySeconds !== undefined) this.timers.push(setInterval(round, everySeconds * 1_000));
    }
  }

  /**
   * Lets jobs under way come to their end, five seconds of it. What is not done by then counts as failed, and another instance
   * tries it again.
   */
  async stop(): Promise<void> {
    for (const timer of this.timers) clearInterval(timer);
    this.stopping.abort();
    // One that has only half begun would go on.
    await this.started?.catch(() => undefined);
    await this.boss
      .stop({ close: false, timeout: STOP_MS })
      .catch((error: unknown) => log.warn("the job queues were left as they were", traceOf(error)));
    // The library does not wait for jobs that it was just being handed.
    await Promise.race([this.idle(), sleep(STOP_MS, undefined, { ref: false })]);
  }

  private async idle(): Promise<void> {
    do {
      await untilAnswered();
      await Promise.allSettled(this.underWay);
      await untilAnswered();
    } while (this.underWay.size > 0);
  }

  /** Sees to it that this span of time has a round of a queue, and that we work on it. Never throws. */
  private async round(queue: Queue): Promise<void> {
    try {
      this.started ??= this.begin();
      await this.started;
      const { everySeconds } = queues[queue];
      if (everySeconds === undefined || this.stopping.signal.aborted) return;
      // One that failed waits for its next try, and is the round.
      if ((await this.boss.getQueueSize(queue)) > 0) return;
      const sent = await send({ queue }, { singletonSeconds: everySeconds });
      const worker = this.workers.get(queue);
      if (sent && worker) this.boss.notifyWorker(worker);
    } catch (error) {
      log.warn("a round of the background could not begin", { purpose: queue, ...traceOf(error) });
    }
  }

  private async begin(): Promise<void> {
    try {
      await this.boss.start();
      for (const queue of names) {
        const options = { pollingIntervalSeconds: LOOK_S, batchSize: BATCH };
        this.workers.set(queue, await this.boss.work(queue, options, (jobs) => this.take(queue, jobs)));
      }
    } catch (error) {
      // Half begun it does not begin again.
      this.boss = openBoss();
      this.started = undefined;
      throw error;
    }
  }

  private async take(queue: Queue, jobs: { data: unknown }[]): Promise<void> {
    const done = this.work(queue, jobs);
    this.underWay.add(done);
    await done.finally(() => this.underWay.delete(done));
  }

  private async work(queue: Queue, jobs: { data: unknown }[]): Promise<void> {
    // Another instance tries it again.
    if (this.stopping.signal.aborted) throw recorded(new Error("stopped"));
    const signal = AbortSignal.any([this.stopping.signal, AbortSignal.timeout(queues[queue].boundSeconds * 1_000)]);
    const failures: unknown[] = [];
    for (const { data } of jobs) {
      try {
        await this.handlers[queue](jobSchema.parse(data), signal);
      } catch (error) {
        failures.push(error);
      }
    }
    for (const failure of failures) log.warn("a background job failed", { purpose: queue, ...traceOf(failure) });
    if (failures.length > 0) throw recorded(failures[0]);
  }
}

const names = Object.keys(queues) as Queue[];
const STOP_MS = 5_000;

/** What is kept of a failure: its class and code. A message may hold what was worked on. */
function recorded(failure: unknown): Error {
  const error = new Error(traceOf(failure).error);
  error.stack = "";
  return error;
}
