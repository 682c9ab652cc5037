import "server-only";
import type { Actor } from "@/lib/authorization/actor";
import { can } from "@/lib/authorization/authorize";
import { withAuthorization } from "@/lib/platform/audit";
import { withConnection } from "@/lib/platform/db";
import { isStorable } from "@/lib/platform/storable";
import type { Facets } from "@/lib/vocabulary/credential-view";
import { EVERYONE } from "./counts";

/**
 * How many live credentials the actor can see, by provider, status and tag, for the list's filters; of tags, the hundred that
 * are used most. From counters that are kept with the rows: the cost does not grow with how many there are.
 * @throws Refusal "forbidden"
 */
export function credentialFacets(actor: Actor): Promise<Facets> {
  const owner = can(actor, "credential:list_all") ? null : actor.id;
  return withAuthorization(actor, "credential:list", { action: "credential.read" }, async () => {
    const counts = await withConnection(actor.orgId, async (client) => {
      const values = [actor.orgId, owner ?? EVERYONE, owner];
      return (await client.query<Count>({ name: "credential_facets", text: FACETS, values })).rows;
    });
    return facetsOf(counts);
  });
}

/**
 * The kinds of the organisation's credentials that have this name, in whatever case; also those that nobody knows but rows that
 * were moved in.
 * @throws Refusal "forbidden"
 */
export function kindsNamed(actor: Actor, name: string): Promise<string[]> {
  return withAuthorization(actor, "credential:list", { action: "credential.read" }, async () => {
    if (!isStorable(name)) return [];
    return withConnection(actor.orgId, async (client) => {
      const values = [actor.orgId, EVERYONE, name];
      const { rows } = await client.query<{ kind: string }>({ name: "credential_kinds", text: KINDS, values });
      return rows.map(({ kind }) => kind);
    });
  });
}

const KINDS = `SELECT key AS kind FROM credential_count
  WHERE org_id = $1 AND whose = $2 AND kind = 'provider' AND live > 0 AND lower(key) = lower($3) ORDER BY key`;

interface Count {
  kind: "all" | "provider" | "status" | "ended" | "tag";
  value: string;
  count: number;
}

/**
 * An end comes without a write. Those that came on an earlier day are counted by day; those of today are looked up in the
 * index of ends.
 */
export const FACETS = `
  SELECT kind, key AS value, live AS count FROM credential_count
   WHERE org_id = $1 AND whose = $2 AND kind IN ('all', 'provider', 'status')
  UNION ALL
  (SELECT kind, key, live FROM credential_count
    WHERE org_id = $1 AND whose = $2 AND kind = 'tag' ORDER BY live DESC, key LIMIT 100)
  UNION ALL
  SELECT 'ended', '', (
    (SELECT coalesce(sum(live), 0) FROM credential_count
      WHERE org_id = $1 AND whose = $2 AND kind = 'ends' AND key < day_of(now()))
    + (SELECT count(*) FROM credential
        WHERE org_id = $1 AND deleted_at IS NULL AND ($3::uuid IS NULL OR owner_id = $3::uuid) AND active AND NOT needs_reauth
          AND expires_at >= date_trunc('day', now(), 'UTC') AND expires_at <= now()))::int`;

function facetsOf(counts: Count[]): Facets {
  const of = (kind: Count["kind"]) =>
    counts.filter((row) => row.kind === kind).map(({ value, count }) => ({ value, count }));
  const sum = (kind: Count["kind"]) => of(kind).reduce((all, { count }) => all + count, 0);
  const ended = sum("ended");
  const statuses = of("status").map(({ value, count }) => ({
    value,
    count: value === "active" ? count - ended : count,
  }));
  return {
    total: sum("all"),
    providers: of("provider"),
    statuses: [...statuses, { value: "expired", count: ended }].filter(({ count }) => count > 0) as Facets["statuses"],
    tags: of("tag"),
  };
}
