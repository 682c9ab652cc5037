import "server-only";
import { randomUUID } from "node:crypto";
import { log, traceOf } from "@/lib/platform/log";
import { Refusal } from "@/lib/platform/refusal";
import type { StreamError } from "@/lib/vocabulary/audit-stream";
import { batchOf } from "./batch";
import { openSettings } from "./sealed-settings";
import { dueStreams, sendingOn, type TakenStream } from "./sending";
import { deliver, type SinkSettings } from "./sinks/index";
import type { Batch, Delivery } from "./sinks/sink";

/** Streams that one round looks at. */
const ROUND = 200;
/** Streams that are sent on at once, and of them those of one organisation: one whose receivers hang leaves room for the others. */
const AT_ONCE = 8;
const AT_ONCE_EACH = 2;
/** What one stream may take of a round before others have their turn. */
const TURN_MS = 10_000;
/** What one delivery may take, whatever its receiver does. */
const DELIVERY_MS = 35_000;

/**
 * One round: sends on what has something to send, over all organisations, until it is told to stop.
 * @throws Refusal of the database, when what is due could not be read
 */
export async function sendDue(signal?: AbortSignal): Promise<void> {
  const lanes = lanesOf(await dueStreams(ROUND));
  const workers = Array.from({ length: AT_ONCE }, async () => {
    for (let lane = lanes.shift(); lane && !signal?.aborted; lane = lanes.shift()) {
      for (const { org_id, id } of lane) if (!signal?.aborted) await sendOn(org_id, id, signal);
    }
  });
  await Promise.all(workers);
}

/** What is done one after the other: of each organisation at most so many at once. */
function lanesOf<Due extends { org_id: string }>(due: readonly Due[]): Due[][] {
  const lanes = new Map<string, Due[]>();
  const seen = new Map<string, number>();
  for (const one of due) {
    const count = seen.get(one.org_id) ?? 0;
    seen.set(one.org_id, count + 1);
    const key = `${one.org_id} ${count % AT_ONCE_EACH}`;
    lanes.set(key, [...(lanes.get(key) ?? []), one]);
  }
  return [...lanes.values()];
}

/** Sends on one stream for as long as it is its turn. Never throws. */
async function sendOn(orgId: string, id: string, signal: AbortSignal | undefined): Promise<void> {
  const stream = sendingOn(orgId, id, randomUUID());
  try {
    const taken = await stream.take();
    if (!taken) return;
    tellOfFullness(taken);
    try {
      await turn(stream, taken, signal);
    } finally {
      await stream.release();
    }
  } catch (error) {
    log.warn("an audit stream could not be sent on", { orgId, targetId: id, ...traceOf(error) });
  }
}

type Sending = ReturnType<typeof sendingOn>;

/** Batch after batch, each left behind only once its receiver has it. */
async function turn(stream: Sending, taken: TakenStream, signal: AbortSignal | undefined): Promise<void> {
  const postpone = (error: StreamError) => stream.postpone(error, delayOf(taken.failures));
  const settings = settingsOf(taken);
  if (typeof settings === "string") return void (await postpone(settings));
  const until = performance.now() + TURN_MS;
  let { cursorSeq, sendingTo } = taken;
  for (let count = 0; count === 0 || (performance.now() < until && !signal?.aborted); count++) {
    const events = await stream.next(cursorSeq, sendingTo);
    const [first] = events;
    if (!first) return void (count === 0 && (await postpone("events_missing")));
    tellOfGap(taken, cursorSeq, first.seq);
    const batch = batchOf(taken, events);
    const refuses = await stream.begin(batch.to, taken.sealedVersion);
    if (refuses === undefined) return;
    const outcome = await delivered(settings, batch, signal);
    // Told to stop in the middle of it: nobody's failure, and the same batch comes again.
    if (outcome !== "done") return void (signal?.aborted || (await postpone(outcome)));
    const last = events.find(({ seq }) => seq === batch.to) ?? first;
    if (!(await stream.advance(batch, last.hash, refuses))) return;
    [cursorSeq, sendingTo] = [batch.to, null];
  }
}

/** Whatever the sink does, this answers. */
async function delivered(
  settings: SinkSettings,
  batch: Batch,
  signal: AbortSignal | undefined,
): Promise<"done" | StreamError> {
  const bound = AbortSignal.any([AbortSignal.timeout(DELIVERY_MS), ...(signal ? [signal] : [])]);
  const given = new Promise<Delivery>((resolve) =>
    bound.addEventListener("abort", () => resolve({ outcome: "unknown", reason: "no_answer" }), { once: true }),
  );
  try {
    return wordOf(await Promise.race([deliver(settings, batch, { signal: bound }), given]));
  } catch (error) {
    // No process here that could send.
    if (error instanceof Refusal && error.code === "unavailable") return "busy";
    log.warn("a batch of the audit log could not be sent", {
      orgId: batch.orgId,
      targetId: batch.streamId,
      ...traceOf(error),
    });
    return "failed";
  }
}

export const wordOf = (delivery: Delivery): "done" | StreamError => {
  if (delivery.outcome === "done") return "done";
  return delivery.outcome === "refused" ? `refused_${delivery.reason}` : delivery.reason;
};

const [DELAY_MIN_S, DELAY_MAX_S] = [5, 600];

/** Longer with each failure, and not the same for streams that failed together. */
function delayOf(failures: number): number {
  const longest = Math.min(DELAY_MAX_S, DELAY_MIN_S * 2 ** Math.min(failures + 1, 10));
  return Math.max(DELAY_MIN_S, longest * (0.5 + Math.random() / 2));
}

/** Or why they are not to be had. */
function settingsOf(taken: TakenStream): SinkSettings | StreamError {
  try {
    return openSettings(taken);
  } catch (error) {
    return error instanceof Refusal && error.code === "damaged" ? "damaged" : "failed";
  }
}

/** Once for each change, over all instances. */
function tellOfFullness({ orgId, id, isFull, wasFull }: TakenStream): void {
  const where = { orgId, targetId: id };
  if (isFull && !wasFull) log.warn("a receiver of the audit log is so far behind that its stream is full", where);
  if (!isFull && wasFull) log.info("a receiver of the audit log has caught up: its stream is not full any more", where);
}

/** What is not stored any more cannot be sent; the receiver sees the gap as well. */
function tellOfGap({ orgId, id }: TakenStream, cursorSeq: bigint, next: bigint): void {
  if (next === cursorSeq + 1n) return;
  log.error("events of the audit log were deleted before a stream had sent them", {
    orgId,
    targetId: id,
    seq: String(next),
  });
}
