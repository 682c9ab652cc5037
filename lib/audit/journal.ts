import "server-only";
import type { Actor } from "@/lib/actor";
import { sqlState, statement } from "@/lib/db";
import { Refusal } from "@/lib/refusal";
import { type ChainedEvent, chain, firstLink, type Link } from "./chain";
import type { AuditEntry } from "./event";

/**
 * The hot way to write: operations of one organisation that arrive together share one statement and one wait for the
 * disk. Nobody is answered before their event is durable, and an operation whose change no longer applies gets no
 * event. Measured: the chain orders an organisation's writes, so without sharing, each would wait for all before it.
 */
export interface Operation {
  actor: Actor;
  entry: AuditEntry;
  /** The row of `write_credentials` that belongs to the event. */
  change?: Change;
}

export interface Change {
  id: string;
  nameKey: string;
}

interface Waiting extends Operation {
  settle: (outcome: { applied: boolean } | { error: unknown }) => void;
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

/** Answers true once change and event are stored; false when the change no longer applied and nothing was stored. */
export function commit(operation: Operation): Promise<boolean> {
  const queue = queueOf(operation.actor.orgId);
  if (queue.waiting.length >= QUEUE_MAX) {
    throw new Refusal("unavailable", "The vault is busy. Try again in a moment.", { retryAfterSeconds: 1 });
  }
  return new Promise<boolean>((resolve, reject) => {
    queue.waiting.push({
      ...operation,
      settle: (outcome) => ("error" in outcome ? reject(outcome.error) : resolve(outcome.applied)),
    });
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
    let batch = withoutRivals(taken);
    try {
      while (batch.length > 0) batch = await store(orgId, queue, batch);
    } catch (error) {
      for (const one of batch) one.settle({ error });
    }
  }
  queue.running = false;
}

/** A second change of the same row, or to the same name, must see the first one's outcome: it is made anew. */
function withoutRivals(batch: Waiting[]): Waiting[] {
  const seen = new Set<string>();
  return batch.filter((one) => {
    if (!one.change) return true;
    const { id, nameKey } = one.change;
    const rival = seen.has(id) || seen.has(nameKey);
    seen.add(id).add(nameKey);
    if (rival) one.settle({ applied: false });
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
  const changes = batch.flatMap(({ change }) => (change ? [change] : [])).sort((a, b) => (a.id < b.id ? -1 : 1));
  try {
    const [head] = await statement<{ seq: string; hash: Buffer }>(
      "journal_append",
      "SELECT * FROM journal_append($1, $2, $3, $4, $5, $6, $7)",
      [
        orgId,
        String(queue.head.seq),
        queue.head.hash,
        String(link.seq),
        link.hash,
        JSON.stringify(events.map(asJson)),
        changes.length > 0 ? JSON.stringify(changes) : null,
      ],
    );
    // Another instance, or an ordinary transaction, has written meanwhile: go on from where the chain really ends.
    queue.head = head ? { seq: BigInt(head.seq), hash: head.hash } : link;
    if (head) return batch;
    for (const one of batch) one.settle({ applied: true });
    return [];
  } catch (error) {
    return withoutMissed(batch, error);
  }
}

/** Some changes no longer applied, and the statement was undone: those are told so, the others are tried again. */
function withoutMissed(batch: Waiting[], error: unknown): Waiting[] {
  if (sqlState(error) !== "LK001") throw error;
  const missed = new Set(String((error as { detail?: unknown }).detail).split(","));
  return batch.filter((one) => {
    const applies = !one.change || !missed.has(one.change.id);
    if (!applies) one.settle({ applied: false });
    return applies;
  });
}

const hex = (bytes: Uint8Array | null) => (bytes ? Buffer.from(bytes).toString("hex") : null);

const asJson = (event: ChainedEvent) => ({
  ...event,
  seq: String(event.seq),
  sealedHash: hex(event.sealedHash),
  prevHash: hex(event.prevHash),
  hash: hex(event.hash),
});
