import "server-only";
import type { Actor } from "@/lib/authorization/actor";
import { sqlState, statement } from "@/lib/platform/db";
import { log } from "@/lib/platform/log";
import { meter } from "@/lib/platform/meter";
import { Refusal } from "@/lib/platform/refusal";
import { traced, tracer } from "@/lib/platform/tracing";
import type { AuditEntry } from "@/lib/vocabulary/audit-event";
import { type ChainedEvent, chain, firstLink, type Link } from "./chain";

/**
 * The hot way to write: operations of one organisation that arrive together share one statement and one wait for the
 * disk. Nobody is answered before their event is durable, and an operation whose write was refused gets no event.
 * Measured: the chain orders an organisation's writes, so without sharing, each would wait for all before it.
 */
export interface Operation {
  actor: Actor;
  entry: AuditEntry;
  /** What belongs to the event, as `apply_write` in the database takes it. */
  write?: Write;
}

export interface Write {
  kind: "create" | "update" | "delete" | "test";
  /** The credential's. */
  id: string;
  /** The name that it takes or keeps. */
  nameKey?: string;
  /** The ciphertext that it stores. */
  sealed?: Buffer;
  /** What else its kind needs, by the names of the columns in the core's spelling. */
  [column: string]: unknown;
}

/** Why the database did not do a write. */
export type Miss =
  /** It is deleted, or its organisation is. */
  | { why: "gone" }
  /** Another change was faster. */
  | { why: "stale" }
  | { why: "rotating" | "name_taken" | "id_taken" | "external_id_taken" }
  | { why: "over_limit"; scope: "provider" | "user"; limit: number; current: number };

/** What became of an operation: event and write are durable, or neither is there. */
export type WriteOutcome = { done: true } | ({ done: false } & Miss);

interface Waiting extends Operation {
  /** When it was handed over, where somebody counts. */
  since: number;
  /** What it is a part of, where somebody follows. */
  within: (<T>(work: () => T) => T) | undefined;
  settle: (outcome: WriteOutcome) => void;
  fail: (error: unknown) => void;
}

interface Queue {
  waiting: Waiting[];
  running: boolean;
  /** Where the chain ended when this process last looked. */
  head: Link;
}

const queues = new Map<string, Queue>();
/** Operations of one statement, so that the first in it does not wait for too many others. */
const BATCH_MAX = 64;
/** Operations that may wait for one organisation before new ones are turned away. */
const QUEUE_MAX = 2_000;
/** Organisations whose chain's end is remembered. */
const QUEUES_MAX = 10_000;

/**
 * Stores an event, and the write that belongs to it, or neither.
 * @throws Refusal "unavailable" when it is not known what became of it (the storage is away, a connection was cut), and
 * when too many wait; whoever asks again finds out, by the id of what was to be made
 */
export function writeWithEvent(operation: Operation): Promise<WriteOutcome> {
  const queue = queueOf(operation.actor.orgId);
  if (queue.waiting.length >= QUEUE_MAX) {
    throw new Refusal("unavailable", "The vault is busy. Try again in a moment.", { retryAfterSeconds: 1 });
  }
  return traced("journal", { action: operation.entry.action }, () => enqueue(queue, operation));
}

function enqueue(queue: Queue, operation: Operation): Promise<WriteOutcome> {
  return new Promise<WriteOutcome>((settle, fail) => {
    const within = tracer()?.hold();
    queue.waiting.push({ ...operation, within, since: meter() ? performance.now() : 0, settle, fail });
    if (!queue.running) {
      queue.running = true;
      setImmediate(() => void drain(operation.actor.orgId, queue));
    }
  });
}

function queueOf(orgId: string): Queue {
  const found = queues.get(orgId);
  if (found) return found;
  if (queues.size >= QUEUES_MAX) for (const [id, one] of queues) if (!one.running) queues.delete(id);
  const made = { waiting: [], running: false, head: firstLink };
  queues.set(orgId, made);
  return made;
}

async function drain(orgId: string, queue: Queue): Promise<void> {
  while (queue.waiting.length > 0) {
    const taken = queue.waiting.splice(0, BATCH_MAX);
    await storeAll(orgId, queue, withoutRivals(taken));
  }
  queue.running = false;
}

/** Stores a batch to its end: each operation in it is settled, or fails. */
async function storeAll(orgId: string, queue: Queue, operations: Waiting[]): Promise<void> {
  let batch = operations;
  try {
    while (batch.length > 0) batch = await store(orgId, queue, batch);
  } catch (error) {
    // One that the database cannot take must not fail its neighbours: each has its own try.
    const apart = batch.length > 1 && OF_ONE.test(sqlState(error));
    for (const one of batch) {
      if (apart) await storeAll(orgId, queue, [one]);
      else one.fail(error);
    }
  }
}

/** Data that cannot be stored, and rules that it breaks: of one operation, whoever else is in its batch. */
const OF_ONE = /^(22|23)/;

/** A second write of the same row, or to the same name, must see the first one's outcome: it is made anew. */
function withoutRivals(batch: Waiting[]): Waiting[] {
  const seen = new Set<string>();
  return batch.filter((one) => {
    if (!one.write || one.write.kind === "test") return true;
    const { id, nameKey } = one.write;
    const rival = seen.has(id) || (nameKey !== undefined && seen.has(nameKey));
    seen.add(id);
    if (nameKey !== undefined) seen.add(nameKey);
    if (rival) one.settle({ done: false, why: "stale" });
    return !rival;
  });
}

/** Tries to store the batch; answers what is still to be stored, after a look at where the chain ends now. */
async function store(orgId: string, queue: Queue, batch: Waiting[]): Promise<Waiting[]> {
  let link = queue.head;
  const events: ChainedEvent[] = batch.map(({ actor, entry }) => {
    const event = chain(link, actor, entry);
    link = { seq: event.seq, hash: event.hash as Buffer };
    return event;
  });
  // In one order everywhere, so that two writers of the same rows never wait for each other both.
  const writes = batch.flatMap(({ write }) => (write ? [write] : [])).sort((a, b) => (a.id < b.id ? -1 : 1));
  try {
    // One statement for several: it is shown as part of the first.
    const [within = justDo] = batch.flatMap((one) => one.within ?? []);
    const [answer] = await within(() =>
      statement<Answer>("write_events", "SELECT * FROM write_events($1, $2, $3, $4, $5, $6, $7, $8)", [
        orgId,
        String(queue.head.seq),
        queue.head.hash,
        String(link.seq),
        link.hash,
        JSON.stringify(events.map(asJson)),
        writes.length > 0 ? JSON.stringify(writes.map(({ sealed: _, ...clear }) => clear)) : null,
        writes.map(({ sealed = null }) => sealed),
      ]),
    );
    switch (answer?.outcome) {
      case "stored":
        queue.head = link;
        countStored(batch);
        for (const one of batch) one.settle({ done: true });
        return [];
      case "moved":
        // Another instance, or an ordinary transaction, has written meanwhile: go on from where the chain really ends.
        queue.head = { seq: BigInt(answer.seq), hash: answer.hash };
        return batch;
      default:
        throw withoutChain(orgId);
    }
  } catch (error) {
    return withoutMissed(batch, error);
  }
}

const justDo = <T>(work: () => T): T => work();

function countStored(batch: readonly Waiting[]): void {
  const counting = meter();
  if (!counting) return;
  const now = performance.now();
  counting.stored(batch.map(({ since }) => (since === 0 ? 0 : now - since)));
}

type Answer = { outcome: "stored" | "moved"; seq: string; hash: Buffer } | { outcome: "no_chain" };

/** An organisation gets its chain when it is made. One without is damaged, and nothing may happen in it unrecorded. */
export function withoutChain(orgId: string): Refusal {
  log.error("an organisation has no audit chain: nothing is handed out or changed in it until it is restored", {
    orgId,
  });
  return new Refusal("unavailable", "The audit log of this organisation is damaged. Ask whoever runs Latchkey.", {
    retryAfterSeconds: 60,
  });
}

/** Some writes were refused, and the statement was undone: those are told so, the others are tried again. */
function withoutMissed(batch: Waiting[], error: unknown): Waiting[] {
  if (sqlState(error) === "LK003") return withoutFetches(batch);
  if (sqlState(error) !== "LK001") throw error;
  const missed = JSON.parse(String((error as { detail?: unknown }).detail)) as Record<string, Miss>;
  return batch.filter((one) => {
    const miss = one.write && missed[one.write.id];
    if (miss) one.settle({ done: false, ...miss });
    return !miss;
  });
}

/**
 * A receiver of the log is too far behind, and the organisation wants no secret handed out then: the event that would have to be
 * durable first is refused, and the fetch with it. Everything else goes on, or nobody could mend the receiver.
 */
function withoutFetches(batch: Waiting[]): Waiting[] {
  return batch.filter((one) => {
    const isFetch = one.entry.action === "secret.fetched" && (one.entry.outcome ?? "done") === "done";
    if (isFetch) one.fail(new Refusal("unavailable", BEHIND, { retryAfterSeconds: 30 }));
    return !isFetch;
  });
}

const BEHIND =
  "The audit log's receiver is behind, and this organisation hands out no secret until it has caught up. Ask an administrator to look at the audit streams.";

const hex = (bytes: Uint8Array | null) => (bytes ? Buffer.from(bytes).toString("hex") : null);

/** As the database takes it, see insert_audit_events. */
export const asJson = (event: ChainedEvent) => ({
  ...event,
  seq: String(event.seq),
  sealedHash: hex(event.sealedHash),
  prevHash: hex(event.prevHash),
  hash: hex(event.hash),
});
