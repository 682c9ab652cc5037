import type pg from "pg";

/** The counters that are kept for an organisation, and what a count over its rows says they should be. */
export const counted = async (owner: pg.Pool, orgId: string) => (await owner.query(COUNTED, [orgId])).rows;
export const recounted = async (owner: pg.Pool, orgId: string) => (await owner.query(RECOUNTED, [orgId])).rows;

const COUNTED = `SELECT whose, kind, key, live FROM credential_count WHERE org_id = $1 ORDER BY whose, kind, key`;

const RECOUNTED = `
  WITH mine AS (
    SELECT w.whose, c.* FROM credential c, LATERAL (VALUES ('everyone'), (c.owner_id::text)) w(whose)
     WHERE c.org_id = $1 AND c.deleted_at IS NULL AND w.whose IS NOT NULL)
  SELECT whose, 'all' AS kind, '' AS key, count(*)::int AS live FROM mine GROUP BY 1
  UNION ALL SELECT whose, 'provider', provider, count(*)::int FROM mine GROUP BY 1, 3
  UNION ALL SELECT whose, 'status', CASE WHEN NOT active THEN 'inactive' WHEN needs_reauth THEN 'needs_reauth' ELSE 'active' END,
    count(*)::int FROM mine GROUP BY 1, 3
  UNION ALL SELECT whose, 'ends', lpad(((expires_at AT TIME ZONE 'UTC')::date - '1970-01-01'::date)::text, 8, '0'), count(*)::int
    FROM mine WHERE active AND NOT needs_reauth AND expires_at IS NOT NULL GROUP BY 1, 3
  UNION ALL SELECT whose, 'tag', tag, count(DISTINCT id)::int FROM mine, unnest(tags) tag GROUP BY 1, 3
  ORDER BY whose, kind, key`;
