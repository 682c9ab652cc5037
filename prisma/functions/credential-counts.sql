-- The day of a time in UTC, as a text that sorts as days do: ends are counted by day, because they come without a write.
CREATE OR REPLACE FUNCTION day_of(at timestamptz) RETURNS text LANGUAGE sql STABLE
  AS $$ SELECT lpad(least(greatest(floor(extract(epoch FROM at) / 86400), 0), 99999999)::int::text, 8, '0') $$;

-- The counters that one live row is in, each once.
CREATE OR REPLACE FUNCTION counters_of(owner_id uuid, provider text, active boolean, needs_reauth boolean, expires_at timestamptz,
  tags text[]) RETURNS TABLE (whose text, kind text, key text) LANGUAGE sql STABLE
  AS $$
    SELECT w.whose, k.kind, k.key
      FROM (VALUES ('everyone'), (owner_id::text)) AS w(whose),
        (SELECT 'all', ''
         UNION ALL SELECT 'provider', provider
         UNION ALL SELECT 'status', CASE WHEN NOT active THEN 'inactive' WHEN needs_reauth THEN 'needs_reauth' ELSE 'active' END
         UNION ALL SELECT 'ends', day_of(expires_at) WHERE active AND NOT needs_reauth AND expires_at IS NOT NULL
         UNION ALL SELECT DISTINCT 'tag', tag FROM unnest(tags) AS tag WHERE tag IS NOT NULL) AS k(kind, key)
     WHERE w.whose IS NOT NULL
  $$;

-- Steps each counter once, by all that a statement did to it: a statement of many rows would else rewrite the same counter as
-- often, and each time walk past the versions it left. In one order everywhere, so that two statements never wait for each
-- other both; transactions of several statements are kept apart by the organisation's chain.
CREATE OR REPLACE FUNCTION step_credential_counts(steps credential_count[]) RETURNS void LANGUAGE plpgsql
  AS $$
DECLARE
  one credential_count;
BEGIN
  INSERT INTO credential_count AS c SELECT * FROM unnest(steps) s ORDER BY s.org_id, s.whose, s.kind, s.key
    ON CONFLICT (org_id, whose, kind, key) DO UPDATE SET live = c.live + excluded.live;
  -- One by one: no plan can mistake a few counters for all of them.
  FOREACH one IN ARRAY steps LOOP
    IF one.live < 0 THEN
      DELETE FROM credential_count c
       WHERE c.org_id = one.org_id AND c.whose = one.whose AND c.kind = one.kind AND c.key = one.key AND c.live = 0;
    END IF;
  END LOOP;
END $$;

-- Rows that are counted alike are summed up before they are spread over their counters.
CREATE OR REPLACE FUNCTION count_inserted_credentials() RETURNS trigger LANGUAGE plpgsql
  AS $$
BEGIN
  PERFORM step_credential_counts(array_agg(ROW(s.*)::credential_count)) FROM (
    SELECT r.org_id, c.whose, c.kind, c.key, sum(r.step)::int
      FROM (SELECT org_id, owner_id, provider, active, needs_reauth, expires_at, tags, count(*) AS step FROM after
             WHERE deleted_at IS NULL GROUP BY 1, 2, 3, 4, 5, 6, 7) r,
        counters_of(r.owner_id, r.provider, r.active, r.needs_reauth, r.expires_at, r.tags) c
     GROUP BY 1, 2, 3, 4) s HAVING count(*) > 0;
  RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION count_deleted_credentials() RETURNS trigger LANGUAGE plpgsql
  AS $$
BEGIN
  PERFORM step_credential_counts(array_agg(ROW(s.*)::credential_count)) FROM (
    SELECT r.org_id, c.whose, c.kind, c.key, sum(r.step)::int
      FROM (SELECT org_id, owner_id, provider, active, needs_reauth, expires_at, tags, -count(*) AS step FROM before
             WHERE deleted_at IS NULL GROUP BY 1, 2, 3, 4, 5, 6, 7) r,
        counters_of(r.owner_id, r.provider, r.active, r.needs_reauth, r.expires_at, r.tags) c
     GROUP BY 1, 2, 3, 4) s HAVING count(*) > 0;
  RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION recount_credentials() RETURNS trigger LANGUAGE plpgsql
  AS $$
BEGIN
  PERFORM set_config('app.counted_change', '', true);
  PERFORM step_credential_counts(array_agg(ROW(s.*)::credential_count)) FROM (
    SELECT r.org_id, c.whose, c.kind, c.key, sum(r.step)::int
      FROM (SELECT org_id, owner_id, provider, active, needs_reauth, expires_at, tags, sum(step) AS step
              FROM (SELECT b.*, -1 AS step FROM before b UNION ALL SELECT a.*, 1 FROM after a) changed
             WHERE deleted_at IS NULL GROUP BY 1, 2, 3, 4, 5, 6, 7 HAVING sum(step) <> 0) r,
        counters_of(r.owner_id, r.provider, r.active, r.needs_reauth, r.expires_at, r.tags) c
     GROUP BY 1, 2, 3, 4 HAVING sum(r.step) <> 0) s HAVING count(*) > 0;
  RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION note_counted_change() RETURNS boolean LANGUAGE plpgsql
  AS $$
BEGIN
  PERFORM set_config('app.counted_change', 'yes', true);
  RETURN false;
END $$;

CREATE OR REPLACE FUNCTION forget_credential_counts() RETURNS trigger LANGUAGE plpgsql
  AS $$
BEGIN
  TRUNCATE credential_count;
  RETURN NULL;
END $$;
