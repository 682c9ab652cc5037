import "server-only";
import type { Actor } from "@/lib/authorization/actor";
import { clock } from "@/lib/platform/clock";
import { hmac } from "@/lib/platform/keys";
import { isUuid } from "@/lib/platform/uuid";
import type { AuditEntry, AuditOutcome } from "@/lib/vocabulary/audit-event";

/**
 * The hash chain: each event's HMAC covers its content, its place and the hash before it. Without the key nobody can
 * forge an event; without changing every later hash nobody can alter, drop or move one.
 */
export interface Link {
  seq: bigint;
  hash: Buffer;
}

/** Where a chain starts: before its first event. */
export const firstLink: Link = { seq: 0n, hash: Buffer.alloc(32) };

/** One stored event. */
export interface ChainedEvent {
  orgId: string;
  seq: bigint;
  at: Date;
  actorKind: string;
  actorId: string;
  actorName: string;
  action: string;
  outcome: string;
  reason: string | null;
  targetType: string | null;
  targetId: string | null;
  targetName: string | null;
  fields: string[];
  version: number | null;
  keyId: string | null;
  sealedHash: Uint8Array | null;
  requestId: string;
  address: string;
  /** The API token that it was done with; null for a session, and in events of before it was kept. */
  tokenId: string | null;
  prevHash: Uint8Array;
  hash: Uint8Array;
}

/** The next event of an organisation's chain. */
export function chain(previous: Link, actor: Actor, entry: AuditEntry): ChainedEvent {
  const event = {
    orgId: actor.orgId,
    seq: previous.seq + 1n,
    at: clock.now(),
    actorKind: actor.kind,
    actorId: actor.id,
    actorName: actor.name,
    action: entry.action,
    outcome: entry.outcome ?? ("done" satisfies AuditOutcome),
    reason: entry.reason ?? null,
    targetType: entry.target?.type ?? null,
    targetId: entry.target?.id ?? null,
    targetName: entry.target?.name ?? null,
    fields: entry.fields ?? [],
    version: entry.version ?? null,
    keyId: entry.keyId ?? null,
    sealedHash: entry.sealedHash ?? null,
    requestId: actor.requestId,
    address: actor.address,
    tokenId: actor.tokenId && isUuid(actor.tokenId) ? actor.tokenId.toLowerCase() : null,
    prevHash: previous.hash,
  };
  return { ...event, hash: hashOf(event) };
}

/** HMAC-SHA-256 over the canonical form: each value with its length in front, in this fixed order; null is length -1. */
export function hashOf(event: Omit<ChainedEvent, "hash">): Buffer {
  const values = [
    event.orgId,
    String(event.seq),
    event.at.toISOString(),
    event.actorKind,
    event.actorId,
    event.actorName,
    event.action,
    event.outcome,
    event.reason,
    event.targetType,
    event.targetId,
    event.targetName,
    String(event.fields.length),
    ...event.fields,
    event.version === null ? null : String(event.version),
    event.keyId,
    event.sealedHash,
    event.requestId,
    event.address,
    event.prevHash,
    // Behind everything, so that events of before it was kept have the hash that they had.
    ...(event.tokenId === null ? [] : [event.tokenId]),
  ];
  return hmac("audit-chain", Buffer.concat(values.flatMap(framed)));
}

/** A value with its length in front; null is length -1. */
export function framed(value: string | Uint8Array | null): Uint8Array[] {
  const length = Buffer.alloc(4);
  if (value === null) {
    length.writeInt32BE(-1);
    return [length];
  }
  const bytes = typeof value === "string" ? Buffer.from(value, "utf8") : value;
  length.writeInt32BE(bytes.length);
  return [length, bytes];
}
