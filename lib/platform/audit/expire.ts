import "server-only";
import { randomUUID } from "node:crypto";
import { systemActor } from "@/lib/authorization/actor";
import { clock } from "@/lib/platform/clock";
import { acrossOrganizations, inOrganization, statement } from "@/lib/platform/db";
import { log, traceOf } from "@/lib/platform/log";
import { type ChainedEvent, firstLink, hashOf, type Link } from "./chain";
import { type Checkpoint, checkpointBehind, checkpointOf, linkBehind, macOf } from "./checkpoint";
import { record } from "./record";

/** What others have to see to before an organisation's events may go. */
interface BeforeExpiry {
  /** Counts the uses that its events tell of. */
  count: (orgId: string) => Promise<void>;
  /** Writes anew what its events up to this one are the last to say of a credential's ciphertext. */
  carry: (orgId: string, after: bigint, upTo: bigint) => Promise<void>;
}

/** Events of one transaction; a write of the organisation waits no longer than its deletion takes. */
const BATCH = 2_000;
/** Of one organisation in one round: the next one goes on. */
const BATCHES = 100;
const DAY_MS = 86_400_000;

/**
 * One round: of each organisation the events go that are older than so many days, from the first on, up to the first that is not; a
 * checkpoint stands for them, and one event says so. Nothing goes that does not verify.
 * @param days at least 30, which the database holds as well
 * @returns how many events went
 */
export async function expireEvents(days: number, before: BeforeExpiry, signal?: AbortSignal): Promise<number> {
  const orgs = await acrossOrganizations((tx) =>
    tx.auditHead.findMany({ select: { orgId: true }, orderBy: { orgId: "asc" } }),
  );
  let gone = 0;
  for (const { orgId } of orgs) {
    if (signal?.aborted) break;
    try {
      gone += await expireOf(orgId, days, before, signal);
    } catch (error) {
      log.warn("audit events past their time could not be removed", { orgId, ...traceOf(error) });
    }
  }
  if (gone > 0) await onPartitions("drop_empty_audit_partitions");
  return gone;
}

/** Makes the log's partitions of this month and the next three, where they are missing. Never throws. */
export const makePartitions = (): Promise<void> => onPartitions("make_audit_partitions");

/** Whatever is in the way for long, such as a backup: there is time, and the next round does it. */
async function onPartitions(work: "make_audit_partitions" | "drop_empty_audit_partitions"): Promise<void> {
  try {
    await statement(work, `SELECT ${work}()`, []);
  } catch (error) {
    log.warn("the audit log's partitions were left as they are", { purpose: work, ...traceOf(error) });
  }
}

async function expireOf(orgId: string, days: number, before: BeforeExpiry, signal?: AbortSignal): Promise<number> {
  const cutoff = new Date(clock.now().getTime() - days * DAY_MS);
  let gone = 0;
  for (let batch = 0; batch < BATCHES && !signal?.aborted; batch++) {
    const found = await oldest(orgId, cutoff);
    if (!found) break;
    if (batch === 0) await before.count(orgId);
    const removable = await removableTo(orgId);
    const events = found.events.filter(({ seq }) => seq <= removable);
    const last = events.at(-1);
    if (!last) break;
    await before.carry(orgId, found.link.seq, last.seq);
    gone += await remove(orgId, days, checkpointBehind(found.checkpoint, events, clock.now()));
    if (events.length < BATCH) break;
  }
  await noteRemoval(orgId);
  return gone;
}

interface Oldest {
  checkpoint: Checkpoint | null;
  link: Link;
  /** The first of the chain, without a gap, each as it was written. */
  events: ChainedEvent[];
}

async function oldest(orgId: string, cutoff: Date): Promise<Oldest | undefined> {
  const { checkpoint, rows } = await inOrganization(orgId, async (tx) => {
    const checkpoint = await checkpointOf(tx, orgId);
    const where = { orgId, seq: { gt: checkpoint?.toSeq ?? 0n }, at: { lt: cutoff } };
    return { checkpoint, rows: await tx.auditEvent.findMany({ where, orderBy: { seq: "asc" }, take: BATCH }) };
  });
  const link = checkpoint ? linkBehind(checkpoint) : firstLink;
  if (!link)
    return void log.error("an organisation's audit checkpoint was altered: nothing more is removed", { orgId });
  const events: ChainedEvent[] = [];
  let end = link;
  for (const row of rows) {
    // One that is younger stands between: what comes after it waits with it.
    if (row.seq !== end.seq + 1n) break;
    if (!Buffer.from(row.prevHash).equals(end.hash) || !hashOf(row).equals(row.hash)) {
      log.error("an audit event was altered: it and all after it stay", { orgId, seq: String(row.seq) });
      break;
    }
    events.push(row);
    end = { seq: row.seq, hash: Buffer.from(row.hash) };
  }
  return events.length > 0 ? { checkpoint, link, events } : undefined;
}

const removableTo = (orgId: string): Promise<bigint> =>
  inOrganization(orgId, async (tx) => {
    const [row] = await tx.$queryRaw<{ to: bigint }[]>`SELECT audit_removable_to(${orgId}::uuid) AS to`;
    return row?.to ?? 0n;
  });

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");

async function remove(orgId: string, days: number, made: Checkpoint): Promise<number> {
  const asJson = JSON.stringify({
    ...made,
    fromSeq: String(made.fromSeq),
    toSeq: String(made.toSeq),
    count: String(made.count),
    prevHash: hex(made.prevHash),
    hash: hex(made.hash),
    mac: hex(macOf(made)),
  });
  return inOrganization(orgId, async (tx) => {
    const [row] = await tx.$queryRaw<{ gone: bigint }[]>`
      SELECT expire_audit_events(${orgId}::uuid, ${days}::int, ${asJson}::jsonb) AS gone`;
    return Number(row?.gone ?? 0);
  });
}

/** One event for all that went since the last one; also for what went before a process was cut off. */
async function noteRemoval(orgId: string): Promise<void> {
  await inOrganization(orgId, async (tx) => {
    const checkpoint = await checkpointOf(tx, orgId);
    if (!checkpoint || checkpoint.notedTo >= checkpoint.toSeq) return;
    const name = `${checkpoint.notedTo + 1n}-${checkpoint.toSeq}`;
    const actor = systemActor(orgId, "retention", `retention-${randomUUID()}`);
    await record(tx, actor, { action: "audit.expired", target: { type: "audit_log", id: orgId, name } });
    await tx.$executeRaw`SELECT note_audit_removal(${orgId}::uuid)`;
  });
}
