import "server-only";
import { v5 as uuidv5 } from "uuid";
import type { ChainedEvent } from "@/lib/platform/audit/chain";
import { clock } from "@/lib/platform/clock";
import { hex, lineOf } from "./line";
import { digestOfLines, sealOf } from "./seal";
import type { Batch } from "./sinks/sink";

/** Events of one batch, and about how many bytes of lines; one event alone may be longer. */
export const BATCH_EVENTS = 500;
const BATCH_BYTES = 512 * 1024;

/**
 * The batch that these events begin: as many of them as one holds, up to where a number is missing.
 * @param events in the order of their chain, at least one
 */
export function batchOf(stream: { orgId: string; id: string }, events: readonly ChainedEvent[]): Batch {
  const taken = stretchOf(events);
  const [first] = taken;
  const last = taken.at(-1);
  if (!first || !last) throw new Error("a batch without events");
  const { orgId, id: streamId } = stream;
  const id = uuidv5(`${first.event.seq} ${last.event.seq}`, streamId);
  const seal = sealOf({
    org_id: orgId,
    stream_id: streamId,
    batch_id: id,
    from: { seq: String(first.event.seq), prev_hash: hex(first.event.prevHash) },
    to: { seq: String(last.event.seq), hash: hex(last.event.hash) },
    count: taken.length,
    sha256: digestOfLines(taken.map(({ json }) => json)),
    sealed_at: clock.now().toISOString(),
  });
  return {
    ...{ orgId, streamId, id, from: first.event.seq, to: last.event.seq, at: last.event.at, seal },
    events: taken.map(({ event: { seq, at, action, outcome }, json }) => ({ seq, at, action, outcome, json })),
  };
}

interface Line {
  event: ChainedEvent;
  json: string;
}

function stretchOf(events: readonly ChainedEvent[]): Line[] {
  const taken: Line[] = [];
  let bytes = 0;
  for (const event of events) {
    const before = taken.at(-1);
    const json = lineOf(event);
    bytes += Buffer.byteLength(json) + 1;
    if (before && (event.seq !== before.event.seq + 1n || bytes > BATCH_BYTES)) break;
    taken.push({ event, json });
    if (taken.length === BATCH_EVENTS) break;
  }
  return taken;
}
