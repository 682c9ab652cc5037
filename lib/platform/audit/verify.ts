import "server-only";
import { join } from "node:path";
import { clock } from "@/lib/platform/clock";
import { acrossOrganizations, inOrganization } from "@/lib/platform/db";
import { env } from "@/lib/platform/env";
import { log, traceOf } from "@/lib/platform/log";
import { type Anchor, addAnchors, readAnchors, thinOut } from "./anchor-file";
import { type ChainedEvent, firstLink, hashOf, type Link } from "./chain";
import { checkpointOf, linkBehind } from "./checkpoint";

/**
 * Proof that the log was not edited. The chain shows any change, gap, move or forged event. A cut tail leaves a
 * shorter but sound chain, so heads are also kept outside the database: in the anchor file and in the process log.
 */
export interface Verdict {
  orgId: string;
  /** Those that are there. */
  events: number;
  /** Those that went under retention, from the first on, and the time of the latest of them; null when none did. */
  letGo: { events: number; until: string } | null;
  /** The first event that is wrong; null when all is well. */
  firstBad: string | null;
  /** Up to which event an anchor vouches; null without an anchor. What came after could be cut off unnoticed. */
  anchored: string | null;
  problem:
    | null
    | "altered"
    | "missing"
    /** What stands for the events that were let go was not made by this vault, or is not as it was made. */
    | "checkpoint_altered"
    | "head_mismatch"
    | "behind_anchor"
    | "differs_from_anchor";
}

const PAGE = 1_000;

/** Verifies every organisation's chain, or one's. Reads in pages; 100,000 events take seconds. */
export async function verifyChains(orgId?: string, anchorFile = anchorPath()): Promise<Verdict[]> {
  const anchors = await readAnchors(anchorFile);
  const stored = await acrossOrganizations((tx) =>
    tx.organization.findMany({ select: { id: true }, orderBy: { id: "asc" } }),
  );
  const known = new Set([...stored.map((one) => one.id), ...anchors.keys()]);
  const verdicts: Verdict[] = [];
  for (const id of known) if (!orgId || id === orgId) verdicts.push(await verifyChain(id, anchors.get(id) ?? []));
  return verdicts;
}

async function verifyChain(orgId: string, anchors: Anchor[]): Promise<Verdict> {
  const checkpoint = await inOrganization(orgId, (tx) => checkpointOf(tx, orgId));
  let link: Link = firstLink;
  let events = 0;
  let anchored: string | null = null;
  const letGo = checkpoint && { events: Number(checkpoint.count), until: checkpoint.lastAt.toISOString() };
  const waiting = new Map(anchors.map((anchor) => [anchor.seq, anchor.hash]));
  const bad = (firstBad: bigint, problem: NonNullable<Verdict["problem"]>): Verdict => ({
    orgId,
    events,
    letGo,
    anchored,
    firstBad: String(firstBad),
    problem,
  });
  if (checkpoint) {
    const behind = linkBehind(checkpoint);
    if (!behind) return bad(1n, "checkpoint_altered");
    link = behind;
    const last = waiting.get(String(link.seq));
    if (last && last !== link.hash.toString("hex")) return bad(link.seq, "differs_from_anchor");
    // Their hashes are gone with the events: that they were there is what the checkpoint says.
    for (const seq of waiting.keys()) {
      if (BigInt(seq) > link.seq) continue;
      if (anchored === null || BigInt(seq) > BigInt(anchored)) anchored = seq;
      waiting.delete(seq);
    }
  }
  for (;;) {
    const rows = await eventsAfter(orgId, link.seq);
    for (const row of rows) {
      if (row.seq !== link.seq + 1n) return bad(link.seq + 1n, "missing");
      if (!Buffer.from(row.prevHash).equals(link.hash) || !hashOf(row).equals(row.hash)) return bad(row.seq, "altered");
      const anchor = waiting.get(String(row.seq));
      if (anchor && anchor !== Buffer.from(row.hash).toString("hex")) return bad(row.seq, "differs_from_anchor");
      if (anchor) anchored = String(row.seq);
      waiting.delete(String(row.seq));
      link = { seq: row.seq, hash: Buffer.from(row.hash) };
      events++;
    }
    if (rows.length < PAGE) break;
  }
  const head = await inOrganization(orgId, (tx) => tx.auditHead.findUnique({ where: { orgId } }));
  const beyond = [...waiting.keys()].map(BigInt).filter((seq) => seq > 0n);
  if (beyond.length > 0) return bad(link.seq + 1n, "behind_anchor");
  // Events written while this was reading have moved the head on; a head behind the last event cannot be honest.
  if (
    !head ||
    head.seq < link.seq ||
    (head.seq === link.seq && head.seq > 0n && !Buffer.from(head.hash).equals(link.hash))
  ) {
    return bad(link.seq + 1n, "head_mismatch");
  }
  if (head.seq > link.seq && (await eventsAfter(orgId, link.seq)).length === 0) return bad(link.seq + 1n, "missing");
  return { orgId, events, letGo, anchored, firstBad: null, problem: null };
}

const eventsAfter = (orgId: string, seq: bigint): Promise<ChainedEvent[]> =>
  inOrganization(orgId, (tx) =>
    tx.auditEvent.findMany({ where: { orgId, seq: { gt: seq } }, orderBy: { seq: "asc" }, take: PAGE }),
  );

/** Up to where this process has anchored each organisation. */
const lastAnchored = new Map<string, bigint>();

/**
 * Writes organisations' heads to the process log and the anchor file: those that have grown by so many events since. Called
 * at the start, each minute for those that grow fast, hourly for all, and at the end of a process.
 */
export async function anchorHeads(grownBy = 1n): Promise<void> {
  const all = await acrossOrganizations((tx) => tx.auditHead.findMany({ where: { seq: { gt: 0 } } }));
  const heads = all.filter(({ orgId, seq }) => seq - (lastAnchored.get(orgId) ?? 0n) >= grownBy);
  const at = clock.now().toISOString();
  const anchors = heads.map(
    ({ orgId, seq, hash }): Anchor => ({ at, orgId, seq: String(seq), hash: Buffer.from(hash).toString("hex") }),
  );
  for (const anchor of anchors) log.info("audit anchor", { orgId: anchor.orgId, seq: anchor.seq, hash: anchor.hash });
  if (anchors.length > 0) await addAnchors(anchorPath(), anchors);
  for (const { orgId, seq } of heads) lastAnchored.set(orgId, seq);
  if (grownBy > 1n) return;
  anchoredAt = Date.now();
  await forgetAnchors().catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "ENOENT") throw error;
  });
}

const DAY_MS = 86_400_000;

/** Removes from this instance's file what has nothing left to vouch for, or is past the time that anchors are kept for. */
async function forgetAnchors(): Promise<void> {
  const rows = await acrossOrganizations((tx) => tx.auditCheckpoint.findMany({ select: { orgId: true, toSeq: true } }));
  const days = env().RETENTION_ANCHORS_DAYS;
  if (rows.length === 0 && days === undefined) return;
  const before = days === undefined ? undefined : new Date(clock.now().getTime() - days * DAY_MS);
  await thinOut(anchorPath(), { before, covered: new Map(rows.map(({ orgId, toSeq }) => [orgId, toSeq])) });
}

let anchoredAt: number | undefined;

/** When the heads of all organisations were last anchored by this process, in milliseconds since 1970. */
export const lastAnchoring = (): number | undefined => anchoredAt;

/** The same for whoever can do nothing about it: a failure goes to the log. Never throws. */
export const tryToAnchor = (grownBy?: bigint): Promise<void> =>
  anchorHeads(grownBy).catch((error: unknown) => log.error("audit heads could not be anchored", traceOf(error)));

/** Where heads are kept outside the database. */
export const anchorPath = () => join(env().LATCHKEY_DATA, "audit-anchors.jsonl");
