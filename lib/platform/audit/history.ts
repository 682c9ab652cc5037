import "server-only";
import { sightOf } from "@/lib/authorization/access";
import type { Actor } from "@/lib/authorization/actor";
import { requireRecentPassword } from "@/lib/authorization/authorize";
import { inOrganization, inSight, type Transaction } from "@/lib/platform/db";
import { FairQueue } from "@/lib/platform/fair-share/fair-queue";
import { containing } from "@/lib/platform/names";
import { notFound } from "@/lib/platform/refusal";
import { isUuid } from "@/lib/platform/uuid";
import type { AuditAction, AuditOutcome } from "@/lib/vocabulary/audit-event";
import { checkpointOf } from "./checkpoint";
import { type PlainChanges, withPlainChanges } from "./plain-changes";
import { record } from "./record";
import { withAuthorization } from "./with-authorization";

export interface AuditFilter {
  action?: AuditAction;
  outcome?: AuditOutcome;
  actorId?: string;
  targetId?: string;
  /** Part of the actor's or the target's name. */
  q?: string;
  from?: Date;
  to?: Date;
}

export interface AuditView {
  seq: string;
  at: string;
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
  /** Of a change of a credential that is still there: old and new of the plain values in it. An export has names alone. */
  changes?: PlainChanges;
  version: number | null;
  requestId: string;
  address: string;
}

export interface AuditPage {
  events: AuditView[];
  /** Pass as `before` for the next, older page; null at the end. */
  next: string | null;
  /** Of when the latest event is that retention has removed; null where none was. Said on the last page: nothing older is there. */
  removedUntil: string | null;
}

/** One page of the organisation's events, newest first, at most 200, with old and new of plain values. */
export const listAuditEvents = (actor: Actor, filter: AuditFilter, before?: string, limit = 50): Promise<AuditPage> =>
  withAuthorization(actor, "audit:read", { action: "audit.read" }, () =>
    inSight(sightOf(actor), (tx) => pageWithChanges(tx, actor.orgId, filter, before, Math.min(limit, 200))),
  );

/**
 * What happened to one credential, newest first. Everyone who may see the credential may see this, and nothing else of
 * the log: the id must be a live credential of the actor's organisation.
 * @throws Refusal "not_found"
 */
export const credentialHistory = (actor: Actor, credentialId: string, before?: string): Promise<AuditPage> =>
  withAuthorization(actor, "credential:read", { action: "audit.read" }, () =>
    inSight(sightOf(actor), async (tx) => {
      const where = { orgId: actor.orgId, id: credentialId, deletedAt: null };
      const found = isUuid(credentialId) && (await tx.credential.findFirst({ where, select: { id: true } }));
      if (!found) throw notFound();
      return pageWithChanges(tx, actor.orgId, { targetId: credentialId }, before, 50);
    }),
  );

export const auditColumns = [
  "seq",
  "at",
  "actorKind",
  "actorName",
  "action",
  "outcome",
  "reason",
  "targetType",
  "targetId",
  "targetName",
  "fields",
  "version",
  "requestId",
  "address",
] satisfies (keyof AuditView)[];

/**
 * Every event that matches, in pages, newest first. Asks for a recent password and is itself recorded, before the
 * first page is handed out.
 * @throws Refusal "forbidden" without the permission or a recent password
 */
export function startAuditExport(actor: Actor, filter: AuditFilter): Promise<AsyncGenerator<AuditView[]>> {
  const entry = { action: "audit.exported", target: { type: "audit_log", id: actor.orgId } } as const;
  return withAuthorization(actor, "audit:read", entry, async () => {
    requireRecentPassword(actor);
    await inOrganization(actor.orgId, (tx) => record(tx, actor, entry));
    return pagesOf(actor, filter);
  });
}

/**
 * Pages of exports that are read at once. A place is held for one page and not for a whole export: whoever takes the file
 * slowly, or not at all, holds nothing meanwhile.
 */
const exportPages = new FairQueue({
  name: "audit-exports",
  all: { running: 3, waiting: 300 },
  each: [
    { running: 2, waiting: 60 },
    { running: 1, waiting: 30 },
  ],
  waitMs: 60_000,
  words: {
    own: "Too many exports of yours are running. Try again when one is done.",
    busy: "Too many exports are running. Try again in a minute.",
  },
  retryAfterSeconds: 30,
});

async function* pagesOf({ orgId, id, signal }: Actor, filter: AuditFilter): AsyncGenerator<AuditView[]> {
  let before: string | undefined;
  do {
    const from = before;
    const read = () => inOrganization(orgId, (tx) => page(tx, orgId, filter, from, 1000));
    const { events, next, removedUntil } = await exportPages.run([orgId, id], read, signal);
    yield events;
    if (removedUntil) yield [removed(removedUntil)];
    before = next ?? undefined;
  } while (before);
}

/** The last line of a file whose older events are gone: it has no number, for it is no event. */
const removed = (at: string): AuditView => ({
  ...{ seq: "", at, actorKind: "system", actorId: "retention", actorName: "retention", action: "audit.expired" },
  ...{ outcome: "done", reason: "Earlier events, up to this time, were removed by retention" },
  ...{
    targetType: "audit_log",
    targetId: null,
    targetName: null,
    fields: [],
    version: null,
    requestId: "",
    address: "",
  },
});

async function pageWithChanges(tx: Transaction, orgId: string, ...rest: PageWords): Promise<AuditPage> {
  const { events, ...ends } = await page(tx, orgId, ...rest);
  return { events: await withPlainChanges(tx, orgId, events), ...ends };
}

type PageWords = [filter: AuditFilter, before: string | undefined, limit: number];

type Row = Omit<AuditView, "seq" | "at" | "changes"> & { seq: bigint; at: Date };

async function page(tx: Transaction, orgId: string, ...[filter, before, limit]: PageWords): Promise<AuditPage> {
  const rows = await tx.$queryRaw<Row[]>`
    SELECT seq, at, actor_kind AS "actorKind", actor_id AS "actorId", actor_name AS "actorName", action, outcome, reason,
           target_type AS "targetType", target_id AS "targetId", target_name AS "targetName", fields, version,
           request_id AS "requestId", address
      FROM audit_events_before(${orgId}::uuid, ${before === undefined ? null : BigInt(before)}::bigint, ${limit + 1}::int,
        ${JSON.stringify(conditions(filter))}::jsonb)`;
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  const next = rows.length > limit && last ? String(last.seq) : null;
  const checkpoint = next === null ? await checkpointOf(tx, orgId) : null;
  return {
    events: shown.map((row) => ({ ...row, seq: String(row.seq), at: row.at.toISOString() })),
    next,
    removedUntil: checkpoint?.lastAt.toISOString() ?? null,
  };
}

/** As `audit_events_before` in the database takes them; what is left out hides nothing. */
const conditions = ({ action, outcome, actorId, targetId, q, from, to }: AuditFilter) => ({
  action,
  outcome,
  actor: actorId,
  target: targetId,
  part: q ? `%${containing(q).contains}%` : undefined,
  from,
  to,
});
