import "server-only";
import { z } from "zod";
import type { ChainedEvent } from "@/lib/platform/audit/chain";

/**
 * An event as receivers get it: one line of JSON, always the same for the same event. It holds all that the event's hash covers, so
 * that whoever has the key can make that anew. Bytes are hexadecimal, numbers of events decimal texts.
 */
export function lineOf(event: ChainedEvent): string {
  const { orgId, actorKind, actorId, actorName, targetType, targetId, targetName, requestId, ...same } = event;
  const named: z.output<typeof eventLine> = {
    type: "audit_event",
    org_id: orgId,
    seq: String(event.seq),
    at: event.at.toISOString(),
    actor_kind: actorKind,
    actor_id: actorId,
    actor_name: actorName,
    action: same.action,
    outcome: same.outcome,
    reason: same.reason,
    target_type: targetType,
    target_id: targetId,
    target_name: targetName,
    fields: same.fields,
    version: same.version,
    key_id: same.keyId,
    sealed_hash: same.sealedHash && hex(same.sealedHash),
    request_id: requestId,
    address: same.address,
    token_id: same.tokenId,
    prev_hash: hex(same.prevHash),
    hash: hex(same.hash),
  };
  return JSON.stringify(named);
}

const hash = z.string().regex(/^[0-9a-f]{64}$/);
/** Less than what a 64-bit integer holds. */
const seq = z.string().regex(/^[1-9]\d{0,17}$/);

const eventLine = z.strictObject({
  type: z.literal("audit_event"),
  org_id: z.uuid(),
  seq,
  at: z.iso.datetime({ precision: 3 }),
  actor_kind: z.string(),
  actor_id: z.string(),
  actor_name: z.string(),
  action: z.string(),
  outcome: z.string(),
  reason: z.string().nullable(),
  target_type: z.string().nullable(),
  target_id: z.string().nullable(),
  target_name: z.string().nullable(),
  fields: z.array(z.string()),
  version: z.int().nullable(),
  key_id: z.string().nullable(),
  sealed_hash: z
    .string()
    .regex(/^([0-9a-f]{2})+$/)
    .nullable(),
  request_id: z.string(),
  address: z.string(),
  token_id: z.string().nullable(),
  prev_hash: hash,
  hash,
});

/** The event that a line speaks of, however its receiver has written it down; undefined for what is none. */
export function eventIn(value: unknown): ChainedEvent | undefined {
  const parsed = eventLine.safeParse(value);
  if (!parsed.success) return undefined;
  const line = parsed.data;
  return {
    orgId: line.org_id,
    seq: BigInt(line.seq),
    at: new Date(line.at),
    actorKind: line.actor_kind,
    actorId: line.actor_id,
    actorName: line.actor_name,
    action: line.action,
    outcome: line.outcome,
    reason: line.reason,
    targetType: line.target_type,
    targetId: line.target_id,
    targetName: line.target_name,
    fields: line.fields,
    version: line.version,
    keyId: line.key_id,
    sealedHash: line.sealed_hash === null ? null : Buffer.from(line.sealed_hash, "hex"),
    requestId: line.request_id,
    address: line.address,
    tokenId: line.token_id,
    prevHash: Buffer.from(line.prev_hash, "hex"),
    hash: Buffer.from(line.hash, "hex"),
  };
}

export const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");
