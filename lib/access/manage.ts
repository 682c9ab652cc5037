import "server-only";
import { requireRight, rightsOver, sightOf } from "@/lib/authorization/access";
import type { Actor } from "@/lib/authorization/actor";
import { credentialsOf } from "@/lib/credentials/repository";
import { clock } from "@/lib/platform/clock";
import { inOrganization } from "@/lib/platform/db";
import { Refusal } from "@/lib/platform/refusal";
import type { Reach } from "@/lib/vocabulary/access";
import { withGroups } from "./subjects";

/**
 * Whoever grants, or takes away, must manage all that it is about: by role; for one credential, that credential; for a tag, a kind or
 * everything, by a grant over the same or over everything. So nobody hands on more than they manage.
 * @returns the name of the credential, where it is about one
 * @throws Refusal "not_found" for a credential out of sight; "forbidden"
 */
export async function requireManage(actor: Actor, { reach, key }: Reach): Promise<string | undefined> {
  if (reach === "credential") {
    return requireRight(actor, await credentialsOf(sightOf(actor)).show(key), "manage").name;
  }
  if (rightsOver(actor, []).includes("manage")) return undefined;
  if (!actor.limits && actor.kind !== "system" && (await managesWidely(actor, { reach, key }))) return undefined;
  throw new Refusal("forbidden", "Only somebody who manages all of this may say who reaches it");
}

async function managesWidely(actor: Actor, { reach, key }: Reach): Promise<boolean> {
  const { orgId, id } = actor;
  const kind = actor.kind === "service_account" ? "service_account" : "user";
  return inOrganization(orgId, async (tx) => {
    const subjects = await withGroups(tx, orgId, { kind, id });
    const over = [{ reach: "all" }, { reach, reachKey: key }];
    const inForce = [{ expiresAt: null }, { expiresAt: { gt: clock.now() } }];
    const held = await tx.accessGrant.findFirst({
      where: {
        orgId,
        subjectId: { in: subjects.map((one) => one.id) },
        right: "manage",
        AND: [{ OR: over }, { OR: inForce }],
      },
      select: { id: true },
    });
    return held !== null;
  });
}
