import type { GrantView, NamedSubject } from "@/lib/access";
import type { Right } from "@/lib/vocabulary/access";

/** Grants that were given in one go: the same but for their right. */
export interface GrantRow<Grant extends GrantView = GrantView> {
  key: string;
  subject: NamedSubject;
  rights: Right[];
  grants: Grant[];
  /** One of them, for all that they have in common. */
  first: Grant;
}

/** Grants as they are read: what was given to one over the same thing in one go is one row. */
export function rowsOf<Grant extends GrantView>(grants: readonly Grant[]): GrantRow<Grant>[] {
  const rows = new Map<string, GrantRow<Grant>>();
  for (const grant of grants) {
    const { subject, reach, key, expiresAt, reason, fromBefore, grantedBy, right } = grant;
    const name = JSON.stringify([subject.id, reach, key, expiresAt, reason, fromBefore, grantedBy]);
    const row = rows.get(name) ?? { key: name, subject, rights: [], grants: [], first: grant };
    rows.set(name, { ...row, rights: [...row.rights, right], grants: [...row.grants, grant] });
  }
  return [...rows.values()];
}
