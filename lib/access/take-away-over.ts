import "server-only";
import type { Actor } from "@/lib/authorization/actor";
import { withAuthorization } from "@/lib/platform/audit";
import { takeAway } from "./grants";
import type { Subject } from "./view";
import { accessToCredential } from "./who-can";

/**
 * Takes every grant away by which a person, a group or a program itself reaches a credential: the wider ones too, over a tag, a kind or
 * everything. What they reach it by as its owner, through a group or by their role stays.
 * @returns how many grants that were
 * @throws Refusal "not_found" for the credential; "forbidden" and "conflict" as `takeAway`, at the first grant that stays
 */
export function takeAwayOver(actor: Actor, { subject, credentialId }: { subject: Subject; credentialId: string }) {
  const target = { type: "credential", id: credentialId } as const;
  return withAuthorization(actor, "access:manage", { action: "access.taken_away", target }, async () => {
    const { reachers } = await accessToCredential(actor, credentialId);
    const theirs = reachers.filter(({ subject: { kind, id } }) => kind === subject.kind && id === subject.id);
    const grants = theirs.flatMap((reacher) => reacher.grants);
    for (const { id } of grants) await takeAway(actor, id);
    return grants.length;
  });
}
