import "server-only";
import type { AccessGrant } from "@/lib/generated/prisma/client";
import type { Transaction } from "@/lib/platform/db";
import { findProvider } from "@/lib/providers/index";
import type { ReachKind, Right, SubjectKind } from "@/lib/vocabulary/access";
import { named, namesOf } from "./subjects";
import type { GrantView, Subject } from "./view";

const subjectOf = (row: AccessGrant): Subject => ({ kind: row.subjectKind as SubjectKind, id: row.subjectId });

/**
 * The views of grants, with one query for each kind of name in them.
 * @param tx one that sees the credentials whose names are shown; others are shown by their id
 */
export async function grantViews(tx: Transaction, orgId: string, rows: AccessGrant[]): Promise<GrantView[]> {
  if (rows.length === 0) return [];
  const subjects = await namesOf(tx, orgId, rows.map(subjectOf));
  const ids = rows.flatMap(({ credentialId }) => credentialId ?? []);
  const credentials = await tx.credential.findMany({
    where: { orgId, id: { in: ids } },
    select: { id: true, name: true },
  });
  const names = new Map(credentials.map(({ id, name }) => [id, name]));
  return rows.map((row) => ({
    id: row.id,
    subject: named(subjects, subjectOf(row)),
    right: row.right as Right,
    reach: row.reach as ReachKind,
    key: row.reachKey,
    reachName: reachName(row, names),
    expiresAt: row.expiresAt?.toISOString() ?? null,
    reason: row.reason,
    fromBefore: row.fromBefore,
    grantedBy: row.grantedBy,
    grantedAt: row.grantedAt.toISOString(),
  }));
}

function reachName(row: AccessGrant, credentials: Map<string, string>): string {
  if (row.reach === "all") return "everything";
  if (row.reach === "kind") return findProvider(row.reachKey)?.label ?? row.reachKey;
  return row.credentialId === null ? row.reachKey : (credentials.get(row.credentialId) ?? row.credentialId);
}
