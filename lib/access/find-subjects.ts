import "server-only";
import type { Actor } from "@/lib/authorization/actor";
import { withAuthorization } from "@/lib/platform/audit";
import { inOrganization, type Transaction } from "@/lib/platform/db";
import type { SubjectKind } from "@/lib/vocabulary/access";
import type { NamedSubject } from "./view";

/** Somebody whom access can be given to. */
export interface FoundSubject extends NamedSubject {
  /** What tells apart two of one name: the address of a person, what a program or group is there for. */
  detail: string | null;
}

const SHOWN = 20;

/**
 * Programs, groups or people by a part of their name (or a person's address), in the order of their names, at most 20: for everybody
 * who gives access, because whom it is given to has to be named. Without a text, the first of them.
 */
export function findSubjects(
  actor: Actor,
  { kind, text = "" }: { kind: SubjectKind; text?: string | undefined },
): Promise<FoundSubject[]> {
  return withAuthorization(actor, "access:manage", { action: "access.read" }, () =>
    inOrganization(actor.orgId, async (tx) => {
      const rows = await finders[kind](tx, actor.orgId, { contains: text.trim(), mode: "insensitive" });
      return rows.map((row) => ({ kind, ...row }));
    }),
  );
}

interface Part {
  contains: string;
  mode: "insensitive";
}
type Find = (tx: Transaction, orgId: string, part: Part) => Promise<Omit<FoundSubject, "kind">[]>;

const order = { orderBy: { name: "asc" as const }, take: SHOWN };
const described = { id: true, name: true, description: true } as const;
const withDetail = ({ id, name, description }: { id: string; name: string; description: string | null }) => ({
  id,
  name,
  detail: description,
});

/** Whoever cannot sign in any more is not offered. */
const finders: Record<SubjectKind, Find> = {
  user: async (tx, orgId, part) => {
    const where = { orgId, status: { not: "inactive" }, OR: [{ name: part }, { email: part }] };
    const rows = await tx.user.findMany({ where, select: { id: true, name: true, email: true }, ...order });
    return rows.map(({ id, name, email }) => ({ id, name, detail: email }));
  },
  group: async (tx, orgId, part) =>
    (await tx.accessGroup.findMany({ where: { orgId, name: part }, select: described, ...order })).map(withDetail),
  service_account: async (tx, orgId, part) =>
    (await tx.serviceAccount.findMany({ where: { orgId, name: part }, select: described, ...order })).map(withDetail),
};
