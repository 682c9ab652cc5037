import "server-only";
import { sightOf } from "@/lib/authorization/access";
import type { Actor } from "@/lib/authorization/actor";
import { type CredentialQuery, listCredentials } from "@/lib/credentials";
import { withAuthorization } from "@/lib/platform/audit";
import { inSight } from "@/lib/platform/db";
import { instancesOf } from "./repository";
import type { CredentialsWithUses } from "./view";

/**
 * A page of credentials, each with the number of its registered uses, which one query counts for all of them.
 * @throws Refusal as `listCredentials`
 */
export function listCredentialsWithUses(actor: Actor, query: CredentialQuery): Promise<CredentialsWithUses> {
  return withAuthorization(actor, "plugin_instance:read", { action: "plugin_instance.read" }, async () => {
    const { items, next } = await listCredentials(actor, query);
    const ids = items.map(({ id }) => id);
    const counts = await inSight(sightOf(actor), (tx) => instancesOf(tx, actor).countsOf(ids));
    return { items: items.map((view) => ({ ...view, usedBy: counts.get(view.id) ?? 0 })), next };
  });
}
