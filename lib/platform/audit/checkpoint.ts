import "server-only";
import { timingSafeEqual } from "node:crypto";
import type { AuditCheckpoint } from "@/lib/generated/prisma/client";
import type { Transaction } from "@/lib/platform/db";
import { hmac } from "@/lib/platform/keys";
import { type ChainedEvent, framed, type Link } from "./chain";

/**
 * What stands for the events from an organisation's first on that its log let go of: how many, of when, and the hash of the last, which the
 * first of those that are there was chained to. Signed under a key of its own, so that nobody who merely has the database can have
 * let go of anything.
 */
export type Checkpoint = Omit<AuditCheckpoint, "mac" | "notedTo">;

export const checkpointOf = (tx: Transaction, orgId: string): Promise<AuditCheckpoint | null> =>
  tx.auditCheckpoint.findUnique({ where: { orgId } });

/** The checkpoint that stands for the events before and for these, which follow on them. */
export function checkpointBehind(before: Checkpoint | null, events: readonly ChainedEvent[], madeAt: Date): Checkpoint {
  const last = events.at(-1);
  const first = events[0];
  if (!first || !last) throw new Error("a checkpoint stands for events");
  const times = events.map(({ at }) => at.getTime());
  return {
    orgId: first.orgId,
    fromSeq: 1n,
    toSeq: last.seq,
    prevHash: before?.prevHash ?? new Uint8Array(first.prevHash),
    hash: new Uint8Array(last.hash),
    count: last.seq,
    firstAt: new Date(Math.min(...times, ...(before ? [before.firstAt.getTime()] : []))),
    lastAt: new Date(Math.max(...times, ...(before ? [before.lastAt.getTime()] : []))),
    madeAt,
  };
}

/** HMAC-SHA-256 over each value with its length in front, in this fixed order. */
export function macOf(of: Checkpoint): Buffer {
  const values = [
    ...[of.orgId, String(of.fromSeq), String(of.toSeq)],
    ...[of.prevHash, of.hash],
    ...[String(of.count), of.firstAt.toISOString(), of.lastAt.toISOString(), of.madeAt.toISOString()],
  ];
  return hmac("audit-checkpoint", Buffer.concat(values.flatMap(framed)));
}

/** Where the chain goes on behind it; undefined where it is not ours, or was altered. */
export function linkBehind(checkpoint: AuditCheckpoint): Link | undefined {
  const { mac, toSeq, fromSeq, count, hash, prevHash } = checkpoint;
  const made = macOf(checkpoint);
  const isOurs = mac.length === made.length && timingSafeEqual(mac, made);
  // It begins where the chain begins: before its first event there was nothing.
  const isFromTheFirst = fromSeq === 1n && count === toSeq && prevHash.every((byte) => byte === 0);
  return isOurs && isFromTheFirst ? { seq: toSeq, hash: Buffer.from(hash) } : undefined;
}
