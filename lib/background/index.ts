import "server-only";
import { setTimeout as sleep } from "node:timers/promises";
import { sendDue } from "@/lib/audit-streams/send";
import { carryForward } from "@/lib/credentials/carry-forward";
import { renewDue } from "@/lib/credentials/connect/renew-ahead";
import { settleRevocations } from "@/lib/credentials/connect/revoke";
import { settleRotations } from "@/lib/credentials/rotate/background";
import { countUses } from "@/lib/credentials/uses";
import { expireEvents, makePartitions } from "@/lib/platform/audit/expire";
import { tryToAnchor } from "@/lib/platform/audit/verify";
import { env } from "@/lib/platform/env";
import { type Handler, type Job, JobWorker, type Queue } from "@/lib/platform/jobs";
import { ANNOUNCE_MS, announceKeys, withdrawKeys } from "@/lib/platform/keys/instances";
import { log, traceOf } from "@/lib/platform/log";
import { deleteExpired } from "@/lib/platform/retention";

/** What is done by one instance of all: the jobs. */
const handlers: Record<Queue, Handler> = {
  renewals: renewDue,
  rotations: (_, signal) => settleRotations(signal),
  revocations: (_, signal) => settleRevocations(signal),
  retention: removeExpired,
  "audit-streams": (_, signal) => sendDue(signal),
  "use-counts": async ({ orgId }) => orgId && countUses(orgId),
};

/** Where one kind cannot be removed, the others are; the round has failed all the same. */
async function removeExpired(_: Job, signal: AbortSignal): Promise<void> {
  const done = await Promise.allSettled([makePartitions(), deleteExpired(), expireAuditEvents(signal)]);
  for (const one of done) if (one.status === "rejected") throw one.reason;
}

async function expireAuditEvents(signal: AbortSignal): Promise<void> {
  const days = env().RETENTION_AUDIT_DAYS;
  if (days !== undefined) await expireEvents(days, { count: countUses, carry: carryForward }, signal);
}

const ANCHOR_MS = 3_600_000;
/** An organisation that has grown by so many events is not left without an anchor for the rest of the hour. */
const GROWN_BY = 1_000n;
const GROWTH_MS = 60_000;
const UNDER_WAY_MS = 5_000;

/**
 * Work beside serving, for the one process that owns it: the jobs, which the instances share; and what each instance does for
 * itself, because it is about itself: the keys it holds, and the anchors in its own file and log.
 */
export class Background {
  private readonly jobs = new JobWorker(handlers);
  private readonly timers: NodeJS.Timeout[] = [];
  /** Short work of the database that is under way; a process that ends lets it end. */
  private readonly underWay = new Set<Promise<unknown>>();

  start(): void {
    this.repeat(() => tryToAnchor(), ANCHOR_MS);
    this.repeat(announce, ANNOUNCE_MS);
    this.timers.push(setInterval(() => this.begin(() => tryToAnchor(GROWN_BY)), GROWTH_MS));
    this.jobs.start();
  }

  /** Lets what is under way come to its end, and says that this instance is gone. Never throws. */
  async stop(): Promise<void> {
    for (const timer of this.timers) clearInterval(timer);
    const ended = Promise.all([...this.underWay]);
    await Promise.all([this.jobs.stop(), Promise.race([ended, sleep(UNDER_WAY_MS, undefined, { ref: false })])]);
    await withdrawKeys().catch(() => undefined);
  }

  private repeat(work: () => Promise<unknown>, everyMs: number): void {
    this.begin(work);
    this.timers.push(setInterval(() => this.begin(work), everyMs));
  }

  private begin(work: () => Promise<unknown>): void {
    const done = work().finally(() => this.underWay.delete(done));
    this.underWay.add(done);
  }
}

async function announce(): Promise<void> {
  try {
    const keyId = await announceKeys();
    if (keyId)
      log.warn("a rotation has begun: new secrets are under this key. Put it in the place of the old one here", {
        keyId,
      });
  } catch (error) {
    log.warn("the keys held here could not be announced", traceOf(error));
  }
}
