import "server-only";
import type pg from "pg";
import { seesAll, sightOf } from "@/lib/authorization/access";
import type { Actor } from "@/lib/authorization/actor";
import { withAuthorization } from "@/lib/platform/audit";
import { withConnection } from "@/lib/platform/db";
import { isStorable } from "@/lib/platform/storable";
import type { Facets } from "@/lib/vocabulary/credential-view";
import { EVERYONE } from "./counts";
import { reachedIds } from "./repository";

/**
 * How many live credentials the actor can see, by provider, status and tag, for the list's filters; of tags, the hundred that
 * are used most. For those who see all of them, from counters that are kept with the rows; for others they are counted, up to ten
 * thousand: either way the cost does not grow with how many there are.
 * @throws Refusal "forbidden"
 */
export function credentialFacets(actor: Actor): Promise<Facets> {
  return withAuthorization(actor, "credential:list", { action: "credential.read" }, async () =>
    facetsOf(await withConnection(sightOf(actor), (client) => counted(client, actor))),
  );
}

async function counted(client: pg.PoolClient, actor: Actor): Promise<Count[]> {
  const { orgId } = actor;
  if (seesAll(actor)) {
    const kept = { name: "credential_facets", text: FACETS, values: [orgId, EVERYONE] };
    return (await client.query<Count>(kept)).rows;
  }
  const ids = await reachedIds(client, sightOf(actor));
  const counting = {
    name: `credential_facets_${ids ? "few" : "many"}`,
    text: countingOf(ids ? "AND c.id = ANY ($2)" : ""),
  };
  return (await client.query<Count>({ ...counting, values: ids ? [orgId, ids] : [orgId] })).rows;
}

/**
 * The kinds of the organisation's credentials that have this name, in whatever case; also those that nobody knows but rows that
 * were moved in.
 * @throws Refusal "forbidden"
 */
export function kindsNamed(actor: Actor, name: string): Promise<string[]> {
  return withAuthorization(actor, "credential:list", { action: "credential.read" }, async () => {
    if (!isStorable(name)) return [];
    return withConnection(sightOf(actor), async (client) => {
      const query = seesAll(actor)
        ? { name: "credential_kinds", text: KINDS, values: [actor.orgId, EVERYONE, name] }
        : { name: "credential_kinds_seen", text: KINDS_SEEN, values: [actor.orgId, name] };
      return (await client.query<{ kind: string }>(query)).rows.map(({ kind }) => kind);
    });
  });
}

const KINDS = `SELECT key AS kind FROM credential_count
  WHERE org_id = $1 AND whose = $2 AND kind = 'provider' AND live > 0 AND lower(key) = lower($3) ORDER BY key`;

const KINDS_SEEN = `SELECT DISTINCT c.provider AS kind FROM credential c
  WHERE c.org_id = $1 AND c.deleted_at IS NULL AND lower(c.provider) = lower($2) ORDER BY 1`;

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
        WHERE org_id = $1 AND deleted_at IS NULL AND active AND NOT needs_reauth
          AND expires_at >= date_trunc('day', now(), 'UTC') AND expires_at <= now()))::int`;

/** At most so many are counted of what somebody sees who does not see all. */
const COUNTED_MAX = 10_000;

/** The same as of the counters, of the rows themselves. */
const countingOf = (among: string): string => `
  WITH seen AS MATERIALIZED (SELECT c.provider, c.tags, c.active, c.needs_reauth, c.expires_at FROM credential c
    WHERE c.org_id = $1 AND c.deleted_at IS NULL ${among} LIMIT ${COUNTED_MAX})
  SELECT 'all' AS kind, '' AS value, count(*)::int AS count FROM seen
  UNION ALL SELECT 'provider', provider, count(*)::int FROM seen GROUP BY provider
  UNION ALL SELECT 'status', CASE WHEN NOT active THEN 'inactive' WHEN needs_reauth THEN 'needs_reauth' ELSE 'active' END,
      count(*)::int FROM seen GROUP BY 2
  UNION ALL (SELECT 'tag', tag, count(*)::int FROM seen, unnest(tags) AS tag GROUP BY tag ORDER BY 3 DESC, 2 LIMIT 100)
  UNION ALL SELECT 'ended', '', count(*)::int FROM seen WHERE active AND NOT needs_reauth AND expires_at <= now()`;

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
