import "server-only";
import { v7 as uuidv7 } from "uuid";
import type { Actor } from "@/lib/authorization/actor";
import { requireRecentPassword } from "@/lib/authorization/authorize";
import type { Prisma } from "@/lib/generated/prisma/client";
import { lockOrganization, record, withAuthorization } from "@/lib/platform/audit";
import { inOrganization, isDuplicate, type Transaction } from "@/lib/platform/db";
import { type ExpectedVersion, isExpected } from "@/lib/platform/expected-version";
import { updatedAfter } from "@/lib/platform/optimistic-lock";
import { notFound, Refusal } from "@/lib/platform/refusal";
import { isUuid } from "@/lib/platform/uuid";
import type { AuditAction } from "@/lib/vocabulary/audit-event";
import { backlogBounds } from "@/lib/vocabulary/audit-stream";
import { columnsOf, judged, settingsFor, shownOf } from "./columns";
import { streamView } from "./read";
import { sealSettings } from "./sealed-settings";
import type { SinkSettings } from "./sinks/index";
import { requireTaken } from "./try-out";
import type { StreamView } from "./view";

/** Streams of one organisation. */
const STREAMS_MAX = 5;

export interface NewStream {
  name: string;
  settings: SinkSettings;
  /** Where it begins: with what happens from now on, or with the first event that is stored. */
  from?: "now" | "beginning" | undefined;
  backlogLimit?: number | undefined;
  refuseFetchesWhenFull?: boolean | undefined;
  /** Stores it although its receiver does not take a test batch now. */
  force?: boolean | undefined;
}

/** What is not named stays. */
export interface StreamChange extends Partial<Omit<NewStream, "from" | "settings">> {
  /** Those that are another; null takes one away. Secrets that are left out stay, where they go to the same place. */
  settings?: Record<string, unknown> | undefined;
  expectedVersion?: ExpectedVersion | undefined;
}

/**
 * Adds a receiver of the organisation's audit log, once it has taken a test batch.
 * @throws Refusal "external_failure" when it does not; "conflict" for a name that is taken; "over_limit" at the fifth; "forbidden" without
 * a recent password
 */
export function createStream(actor: Actor, wanted: NewStream): Promise<StreamView> {
  return withAuthorization(actor, "audit_stream:manage", { action: "audit_stream.created" }, async () => {
    requireRecentPassword(actor);
    const { settings, from = "now", force = false } = wanted;
    const { name, backlogLimit } = judged({
      name: wanted.name,
      backlogLimit: wanted.backlogLimit ?? backlogBounds.standard,
    });
    const { orgId } = actor;
    const address = { orgId, id: uuidv7(), kind: settings.kind, sealedVersion: 1 };
    if (!force) await requireTaken(actor, address.id, settings);
    return underOneName(orgId, async (tx) => {
      const head = await lockOrganization(tx, orgId);
      // Its deletion was faster: nothing may be left behind it.
      if (!(await tx.organization.count({ where: { id: orgId, deletedAt: null } }))) throw notFound();
      const current = await tx.auditStream.count({ where: { orgId } });
      if (current >= STREAMS_MAX) throw overLimit(current);
      const start = from === "beginning" ? await beginning(tx, orgId) : undefined;
      const { seq, hash } = start ?? head;
      await tx.auditStream.create({
        data: {
          ...address,
          ...{ name, backlogLimit, ...sealSettings(address, settings), settings: shownOf(settings) },
          ...{ cursorSeq: seq, cursorHash: new Uint8Array(hash) },
          ...{ refuseFetchesWhenFull: wanted.refuseFetchesWhenFull ?? false },
          ...{ createdBy: actor.name, modifiedBy: actor.name },
        },
      });
      const target = { type: "audit_stream", id: address.id, name } as const;
      return noted(tx, actor, address.id, { action: "audit_stream.created", target, version: 1 });
    });
  });
}

/**
 * Changes a stream; where its settings change, its receiver is tried out first. What was not sent yet goes to the new place.
 * @throws Refusal "not_found"; "version_mismatch"; "external_failure"; "conflict"; "invalid" for a secret that is left out although
 * the destination is another; "forbidden" without a recent password
 */
export function updateStream(actor: Actor, id: string, change: StreamChange): Promise<StreamView> {
  const target = { type: "audit_stream", id } as const;
  return withAuthorization(actor, "audit_stream:manage", { action: "audit_stream.updated", target }, async () => {
    requireRecentPassword(actor);
    const { orgId } = actor;
    const before = await inOrganization(orgId, (tx) => expected(tx, orgId, id, change.expectedVersion));
    const settings = change.settings && settingsFor(before, change.settings);
    if (settings && !change.force) await requireTaken(actor, id, settings);
    return underOneName(orgId, async (tx) => {
      await lockOrganization(tx, orgId);
      // What was tried out is what was read.
      const row = await expected(tx, orgId, id, before.version);
      const { fields, data } = columnsOf(row, change, settings);
      if (fields.length === 0) return streamView(tx, orgId, id);
      const next = { version: row.version + 1, updatedAt: updatedAfter(row), modifiedBy: actor.name };
      await tx.auditStream.update({ where: { orgId_id: { orgId, id } }, data: { ...data, ...next } });
      const named = { ...target, name: row.name };
      return noted(tx, actor, id, { action: "audit_stream.updated", target: named, fields, version: next.version });
    });
  });
}

/** Takes a receiver away. What it has not been sent, it will not get. @throws Refusal "not_found"; "version_mismatch"; "forbidden" */
export function deleteStream(actor: Actor, id: string, expectedVersion?: ExpectedVersion | undefined): Promise<void> {
  const attempt = { action: "audit_stream.deleted", target: { type: "audit_stream", id } } as const;
  return withAuthorization(actor, "audit_stream:manage", attempt, async () => {
    requireRecentPassword(actor);
    const { orgId } = actor;
    await inOrganization(orgId, async (tx) => {
      await lockOrganization(tx, orgId);
      const { name, version } = await expected(tx, orgId, id, expectedVersion);
      await tx.auditStream.delete({ where: { orgId_id: { orgId, id } } });
      await tx.$executeRaw`SELECT keep_fetches_until(${orgId}::uuid)`;
      await record(tx, actor, { ...attempt, target: { ...attempt.target, name }, version });
    });
  });
}

/** Stops sending, and what is refused because of it, until it is resumed. @throws Refusal "not_found"; "forbidden" */
export const pauseStream = (actor: Actor, id: string): Promise<StreamView> =>
  switched(actor, id, "audit_stream.paused", { enabled: false });

/** Goes on where it was, at once, also where it waits for another try. @throws Refusal "not_found"; "forbidden" */
export const resumeStream = (actor: Actor, id: string): Promise<StreamView> =>
  switched(actor, id, "audit_stream.resumed", { enabled: true, failures: 0, lastError: null });

function switched(
  actor: Actor,
  id: string,
  action: AuditAction & `audit_stream.${string}`,
  data: Prisma.AuditStreamUpdateInput,
): Promise<StreamView> {
  const target = { type: "audit_stream", id } as const;
  return withAuthorization(actor, "audit_stream:manage", { action, target }, async () => {
    requireRecentPassword(actor);
    const { orgId } = actor;
    return inOrganization(orgId, async (tx) => {
      await lockOrganization(tx, orgId);
      const row = await expected(tx, orgId, id, undefined);
      const next = { version: row.version + 1, updatedAt: updatedAfter(row), modifiedBy: actor.name };
      await tx.auditStream.update({ where: { orgId_id: { orgId, id } }, data: { ...data, ...next } });
      await tx.$executeRaw`UPDATE audit_stream SET next_attempt_at = now() WHERE org_id = ${orgId}::uuid AND id = ${id}::uuid`;
      return noted(tx, actor, id, { action, target: { ...target, name: row.name }, version: next.version });
    });
  });
}

/** The event of a change, and what hangs on the streams of an organisation. */
async function noted(tx: Transaction, actor: Actor, id: string, entry: Parameters<typeof record>[2]) {
  await tx.$executeRaw`SELECT keep_fetches_until(${actor.orgId}::uuid)`;
  await record(tx, actor, entry);
  return streamView(tx, actor.orgId, id);
}

/** The chain as it was before the first event that is stored; undefined where there is none. */
async function beginning(tx: Transaction, orgId: string) {
  const first = await tx.auditEvent.findFirst({
    where: { orgId },
    orderBy: { seq: "asc" },
    select: { seq: true, prevHash: true },
  });
  return first && { seq: first.seq - 1n, hash: first.prevHash };
}

async function expected(tx: Transaction, orgId: string, id: string, version: ExpectedVersion | undefined) {
  const row = isUuid(id) ? await tx.auditStream.findFirst({ where: { orgId, id } }) : null;
  if (!row) throw notFound();
  if (isExpected(row.version, version)) return row;
  throw new Refusal("version_mismatch", "The stream was changed by somebody else", {
    details: { current_version: row.version, modified_by: row.modifiedBy },
  });
}

/** A name is taken once, whoever is faster. */
async function underOneName<T>(orgId: string, work: (tx: Transaction) => Promise<T>): Promise<T> {
  try {
    return await inOrganization(orgId, work);
  } catch (error) {
    if (!isDuplicate(error)) throw error;
    throw new Refusal("conflict", "The organisation has a stream of this name already", {
      fields: [{ path: ["name"], message: "Is taken: choose another", code: "taken" }],
    });
  }
}

const overLimit = (current: number): Refusal =>
  new Refusal("over_limit", "The organisation's audit log goes to as many receivers as it may", {
    details: { limit: STREAMS_MAX, scope: "organization", current },
  });
