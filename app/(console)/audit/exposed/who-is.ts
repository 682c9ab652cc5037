import "server-only";
import { tokenLabel } from "@/components/tokens/messages";
import type { TokenRow } from "@/components/tokens/token-actions";
import type { BlastQuery, Subject } from "@/lib/access";
import type { Actor } from "@/lib/authorization/actor";
import { peopleByIds } from "@/lib/identity";
import { serviceAccountsByIds, tokensByIds } from "@/lib/identity/tokens";

/** Whose knowledge is asked about, for people. */
export interface Asked {
  name: string;
  /** Where grants of theirs can be taken away. */
  subject?: Subject;
  /** Where it is a token that still works. */
  token?: TokenRow;
}

/** Who that is; what is gone has no name left, and its reads are on record all the same. */
export async function whoIs(actor: Actor, by: BlastQuery["by"]): Promise<Asked | undefined> {
  if (by === undefined) return undefined;
  if (by.kind === "token") {
    const [token] = await tokensByIds(actor, [by.id]);
    if (!token) return { name: "a token that is gone" };
    const row = { ...token, ownerName: "", own: token.userId === actor.id, mayChange: true };
    return { name: `the token “${tokenLabel(row)}”`, token: row };
  }
  const [found] = await (by.kind === "user" ? peopleByIds : serviceAccountsByIds)(actor, [by.id]);
  const subject: Subject = { kind: by.kind, id: by.id };
  return found ? { name: found.name, subject } : { name: "somebody who is gone" };
}
