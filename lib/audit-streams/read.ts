import "server-only";
import type { Actor } from "@/lib/authorization/actor";
import { withAuthorization } from "@/lib/platform/audit";
import { inOrganization, type Transaction } from "@/lib/platform/db";
import { notFound } from "@/lib/platform/refusal";
import { isUuid } from "@/lib/platform/uuid";
import { type ShownStream, type StreamView, viewsOf } from "./view";

const looked = { action: "audit_stream.read" } as const;

/** The receivers of the organisation's audit log, by name, and how each stands. */
export const listStreams = (actor: Actor): Promise<StreamView[]> =>
  withAuthorization(actor, "audit:read", looked, () =>
    inOrganization(actor.orgId, async (tx) => {
      const rows = await tx.auditStream.findMany({ ...shownOf(actor.orgId), orderBy: { name: "asc" } });
      return viewsOf(tx, actor.orgId, rows);
    }),
  );

/** One of them. @throws Refusal "not_found" */
export const getStream = (actor: Actor, id: string): Promise<StreamView> =>
  withAuthorization(actor, "audit:read", looked, () =>
    inOrganization(actor.orgId, async (tx) => streamView(tx, actor.orgId, id)),
  );

export async function streamView(tx: Transaction, orgId: string, id: string): Promise<StreamView> {
  const row: ShownStream | null = isUuid(id) ? await tx.auditStream.findFirst(shownOf(orgId, id)) : null;
  const [view] = row ? await viewsOf(tx, orgId, [row]) : [];
  if (!view) throw notFound();
  return view;
}

const shownOf = (orgId: string, id?: string) => ({
  where: { orgId, ...(id !== undefined && { id }) },
  omit: { sealed: true, keyId: true } as const,
});
