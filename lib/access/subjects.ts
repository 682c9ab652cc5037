import "server-only";
import type { Transaction } from "@/lib/platform/db";
import { invalidField, notFound } from "@/lib/platform/refusal";
import { isUuid } from "@/lib/platform/uuid";
import type { NamedSubject, Subject } from "./view";

/** What a subject is called that is gone. */
const GONE = "somebody who is gone";

/** How each of these is shown, with one query for each kind of them. */
export async function namesOf(tx: Transaction, orgId: string, subjects: Subject[]): Promise<Map<string, string>> {
  const of = (kind: Subject["kind"]) => ({
    orgId,
    id: { in: subjects.flatMap((one) => (one.kind === kind ? [one.id] : [])) },
  });
  const shown = { id: true, name: true } as const;
  const people = await tx.user.findMany({ where: of("user"), select: { ...shown, email: true } });
  const programs = await tx.serviceAccount.findMany({ where: of("service_account"), select: shown });
  const groups = await tx.accessGroup.findMany({ where: of("group"), select: shown });
  return new Map([...people, ...programs, ...groups].map(({ id, name }) => [id, name]));
}

/** With its name. */
export const named = (names: Map<string, string>, { kind, id }: Subject): NamedSubject => ({
  kind,
  id,
  name: names.get(id) ?? GONE,
});

/** The subject with its name; undefined where there is none in the organisation. */
async function findSubject(tx: Transaction, orgId: string, subject: Subject): Promise<NamedSubject | undefined> {
  if (!isUuid(subject.id)) return undefined;
  const meant = { ...subject, id: subject.id.toLowerCase() };
  const names = await namesOf(tx, orgId, [meant]);
  return names.has(meant.id) ? named(names, meant) : undefined;
}

/** The same for somebody who is asked about. @throws Refusal "not_found" where there is none in the organisation */
export async function lookUpSubject(tx: Transaction, orgId: string, subject: Subject): Promise<NamedSubject> {
  const found = await findSubject(tx, orgId, subject);
  if (!found) throw notFound();
  return found;
}

/**
 * The same for somebody who is named in the input.
 * @throws Refusal "invalid" naming the field `subject_id`, where there is none in the organisation
 */
export async function requireSubject(tx: Transaction, orgId: string, subject: Subject): Promise<NamedSubject> {
  const found = await findSubject(tx, orgId, subject);
  if (!found) throw invalidField("subject_id", "Nobody here has this id");
  return found;
}

/** Whoever shares in what is granted to a person: the person, and the groups that they are in. */
export async function withGroups(tx: Transaction, orgId: string, { kind, id }: Subject): Promise<Subject[]> {
  if (kind !== "user") return [{ kind, id }];
  const rows = await tx.accessGroupMember.findMany({ where: { orgId, userId: id }, select: { groupId: true } });
  return [{ kind, id }, ...rows.map(({ groupId }): Subject => ({ kind: "group", id: groupId }))];
}
