import "server-only";
import type pg from "pg";
import type { Actor } from "@/lib/actor";
import { withConnection } from "@/lib/db";
import { Refusal } from "@/lib/refusal";
import { chain, type ChainedEvent, type Link } from "./chain";
import type { AuditEntry } from "./event";

/**
 * The hot way to write: operations of one organisation that arrive together share one transaction and one wait for
 * the disk. Nobody is answered before their event is durable, and an operation whose change no longer applies gets
 * no event. Measured: the chain orders an organisation's writes, so without sharing, each would wait for all before it.
 */
export interface Operation<Row> {
  actor: Actor;
  entry: AuditEntry;
  /** The change that belongs to the event; `write` gets the rows of all operations with the same function. */
  change?: { row: Row; write: BatchWriter<Row> };
}

/** Applies rows in one statement and answers, for each row in order, whether it took. */
export type BatchWriter<Row> = (client: pg.PoolClient, rows: Row[]) => Promise<boolean[]>;

interface Waiting {
  operation: Operation<unknown>;
  settle: (outcome: { applied: boolean } | { error: unknown }) => void;
}

interface Queue {
  waiting: Waiting[];
  running: boolean;
}

const queues = new Map<string, Queue>();
/** Operations of one transaction, so that the first in it does not wait for too many others. */
const BATCH_MAX = 64;
/** Operations that may wait for one organisation before new ones are turned away. */
const QUEUE_MAX = 2_000;

/** Answers true once change and event are stored; false when the change no longer applied and nothing was stored. */
export function commit<Row>(operation: Operation<Row>): Promise<boolean> {
  const { orgId } = operation.actor;
  const queue = queues.get(orgId) ?? { waiting: [], running: false };
  queues.set(orgId, queue);
  if (queue.waiting.length >= QUEUE_MAX) {
    throw new Refusal("unavailable", "The vault is busy. Try again in a moment.", { retryAfterSeconds: 1 });
  }
  return new Promise<boolean>((resolve, reject) => {
    queue.waiting.push({
      operation: operation as Operation<unknown>,
      settle: (outcome) => ("error" in outcome ? reject(outcome.error) : resolve(outcome.applied)),
    });
    if (!queue.running) {
      queue.running = true;
      setImmediate(() => void drain(orgId, queue));
    }
  });
}

async function drain(orgId: string, queue: Queue): Promise<void> {
  while (queue.waiting.length > 0) {
    const batch = queue.waiting.splice(0, BATCH_MAX);
    try {
      // Row-level security leaves exactly this organisation's head; locking it rides with the transaction's begin.
      const applied = await withConnection(orgId, (client, [head]) => store(client, head, batch), LOCK_HEAD);
      for (const [at, one] of batch.entries()) one.settle({ applied: applied[at] ?? false });
    } catch (error) {
      for (const one of batch) one.settle({ error });
    }
  }
  queue.running = false;
  queues.delete(orgId);
}

const LOCK_HEAD = "SELECT seq, hash FROM audit_head WHERE org_id = app_org() FOR UPDATE";

async function store(client: pg.PoolClient, head: pg.QueryResultRow | undefined, batch: Waiting[]): Promise<boolean[]> {
  if (!head) throw new Error("the organisation has no audit chain");
  const applied = await applyChanges(client, batch);
  let link: Link = { seq: BigInt(head.seq), hash: head.hash };
  const events: ChainedEvent[] = [];
  for (const [at, { operation }] of batch.entries()) {
    if (!applied[at]) continue;
    const event = chain(link, operation.actor, operation.entry);
    events.push(event);
    link = { seq: event.seq, hash: event.hash as Buffer };
  }
  if (events.length > 0) await append(client, events, link);
  return applied;
}

async function applyChanges(client: pg.PoolClient, batch: Waiting[]): Promise<boolean[]> {
  const groups = new Map<BatchWriter<unknown>, { at: number; row: unknown }[]>();
  const applied = batch.map(({ operation }) => operation.change === undefined);
  for (const [at, { operation }] of batch.entries()) {
    if (!operation.change) continue;
    const { row, write } = operation.change;
    groups.set(write, [...(groups.get(write) ?? []), { at, row }]);
  }
  for (const [write, members] of groups) {
    const results = await write(client, members.map((member) => member.row));
    for (const [place, { at }] of members.entries()) applied[at] = results[place] ?? false;
  }
  return applied;
}

async function append(client: pg.PoolClient, events: ChainedEvent[], link: Link): Promise<void> {
  await client.query({
    name: "journal_append",
    text: `WITH added AS (
        INSERT INTO audit_event (org_id, seq, at, actor_kind, actor_id, actor_name, action, outcome, reason, target_type,
          target_id, target_name, fields, version, key_id, sealed_hash, request_id, address, prev_hash, hash)
        SELECT (e->>'orgId')::uuid, (e->>'seq')::bigint, (e->>'at')::timestamptz, e->>'actorKind', e->>'actorId',
          e->>'actorName', e->>'action', e->>'outcome', e->>'reason', e->>'targetType', e->>'targetId', e->>'targetName',
          ARRAY(SELECT jsonb_array_elements_text(e->'fields')), (e->>'version')::int, e->>'keyId',
          decode(e->>'sealedHash', 'hex'), e->>'requestId', e->>'address', decode(e->>'prevHash', 'hex'),
          decode(e->>'hash', 'hex')
          FROM jsonb_array_elements($1::jsonb) e)
      UPDATE audit_head SET seq = $2, hash = $3 WHERE org_id = $4`,
    values: [JSON.stringify(events.map(asJson)), String(link.seq), link.hash, events[0]?.orgId],
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
