-- How many live credentials there are of what a list can be narrowed by: kept beside the rows, for the organisation and for
-- each owner, so that reading them costs the same however many credentials there are. The limits are compared with them, too.
--   kind      key
--   all       '', everything
--   provider  its id
--   status    inactive, needs_reauth or active; of the active ones, some have ended by now
--   ends      the day on which an active one ends, see `day_of`
--   tag       the tag
-- `whose` is an owner's id, or 'everyone'. No row stays at 0.
DROP TRIGGER credential_counted ON credential;
DROP TRIGGER credential_recounted ON credential;
DROP TRIGGER owner_gone ON user_account;
DROP FUNCTION keep_credential_count();
DROP FUNCTION drop_owner_count();
DROP FUNCTION count_credential(uuid, text, text, integer);
DROP TABLE credential_count;

CREATE TABLE "credential_count" (
    "org_id" UUID NOT NULL,
    "whose" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "live" INTEGER NOT NULL,

    CONSTRAINT "credential_count_pkey" PRIMARY KEY ("org_id","whose","kind","key")
);
-- The most used tags, of however many.
CREATE INDEX credential_count_tag ON credential_count (org_id, whose, live DESC, key) WHERE kind = 'tag';

-- The day of a time in UTC, as a text that sorts as days do: ends are counted by day, because they come without a write.
CREATE FUNCTION day_of(at timestamptz) RETURNS text LANGUAGE sql STABLE
  AS $$ SELECT lpad(least(greatest(floor(extract(epoch FROM at) / 86400), 0), 99999999)::int::text, 8, '0') $$;

-- The counters that one live row is in, each once.
CREATE FUNCTION counters_of(owner_id uuid, provider text, active boolean, needs_reauth boolean, expires_at timestamptz,
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

ALTER TABLE credential NO FORCE ROW LEVEL SECURITY;
INSERT INTO credential_count (org_id, whose, kind, key, live)
  SELECT r.org_id, c.whose, c.kind, c.key, count(*)
    FROM credential r, counters_of(r.owner_id, r.provider, r.active, r.needs_reauth, r.expires_at, r.tags) c
   WHERE r.deleted_at IS NULL GROUP BY 1, 2, 3, 4;
ALTER TABLE credential FORCE ROW LEVEL SECURITY;

GRANT SELECT, INSERT, UPDATE, DELETE ON credential_count TO latchkey_app;
ALTER TABLE credential_count ENABLE ROW LEVEL SECURITY;
ALTER TABLE credential_count FORCE ROW LEVEL SECURITY;
CREATE POLICY own_organization ON credential_count USING (org_id = (SELECT app_org()));

-- Steps each counter once, by all that a statement did to it: a statement of many rows would else rewrite the same counter as
-- often, and each time walk past the versions it left. In one order everywhere, so that two statements never wait for each
-- other both; transactions of several statements are kept apart by the organisation's chain.
CREATE FUNCTION step_credential_counts(steps credential_count[]) RETURNS void LANGUAGE plpgsql
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
CREATE FUNCTION count_inserted_credentials() RETURNS trigger LANGUAGE plpgsql
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
CREATE TRIGGER credential_counted AFTER INSERT ON credential REFERENCING NEW TABLE AS after
  FOR EACH STATEMENT EXECUTE FUNCTION count_inserted_credentials();

CREATE FUNCTION count_deleted_credentials() RETURNS trigger LANGUAGE plpgsql
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
CREATE TRIGGER credential_uncounted AFTER DELETE ON credential REFERENCING OLD TABLE AS before
  FOR EACH STATEMENT EXECUTE FUNCTION count_deleted_credentials();

CREATE FUNCTION recount_credentials() RETURNS trigger LANGUAGE plpgsql
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
CREATE FUNCTION note_counted_change() RETURNS boolean LANGUAGE plpgsql
  AS $$
BEGIN
  PERFORM set_config('app.counted_change', 'yes', true);
  RETURN false;
END $$;
-- Most updates change nothing that is counted (a new secret, a last use, a renewal), and must not pay for it. The condition of
-- a row's trigger is asked when the row was written, that of the statement's after all rows: the one notes what the other
-- looks for, and never fires.
CREATE TRIGGER credential_change_noted AFTER UPDATE ON credential FOR EACH ROW
  WHEN (CASE WHEN (OLD.org_id, OLD.owner_id, OLD.provider, OLD.active, OLD.needs_reauth, OLD.expires_at, OLD.tags,
      OLD.deleted_at IS NULL) IS DISTINCT FROM (NEW.org_id, NEW.owner_id, NEW.provider, NEW.active, NEW.needs_reauth,
      NEW.expires_at, NEW.tags, NEW.deleted_at IS NULL) THEN note_counted_change() ELSE false END)
  EXECUTE FUNCTION recount_credentials();
CREATE TRIGGER credential_recounted AFTER UPDATE ON credential REFERENCING OLD TABLE AS before NEW TABLE AS after
  FOR EACH STATEMENT WHEN (current_setting('app.counted_change', true) = 'yes') EXECUTE FUNCTION recount_credentials();

CREATE FUNCTION forget_credential_counts() RETURNS trigger LANGUAGE plpgsql
  AS $$
BEGIN
  TRUNCATE credential_count;
  RETURN NULL;
END $$;
CREATE TRIGGER credential_emptied AFTER TRUNCATE ON credential
  FOR EACH STATEMENT EXECUTE FUNCTION forget_credential_counts();

-- As before, but that the counts go with the rows, in one step each. What was kept of plain values goes at once.
CREATE OR REPLACE FUNCTION shred_organization(org uuid, at timestamptz, who text) RETURNS void LANGUAGE plpgsql
  AS $$
BEGIN
  PERFORM set_config('app.shredded', org::text, true);
  PERFORM shred_organization_rows(org, at, who);
  DELETE FROM provider_revocation WHERE org_id = org;
  DELETE FROM credential_change WHERE org_id = org;
END $$;

-- As before, from the counts as they are kept now.
CREATE OR REPLACE FUNCTION judge_new_credential(org uuid, n jsonb) RETURNS jsonb LANGUAGE plpgsql
  AS $$
DECLARE
  room record;
  present integer;
BEGIN
  SELECT o.max_per_provider, o.max_per_user INTO room FROM organization o WHERE o.id = org AND o.deleted_at IS NULL;
  IF NOT FOUND THEN
    RETURN '{"why": "gone"}';
  END IF;
  -- A deleted row keeps its id for the audit trail.
  IF EXISTS (SELECT 1 FROM credential c WHERE c.org_id = org AND c.id = (n->>'id')::uuid) THEN
    RETURN '{"why": "id_taken"}';
  END IF;
  IF n->>'externalId' IS NOT NULL
    AND EXISTS (SELECT 1 FROM credential c WHERE c.org_id = org AND c.external_id = n->>'externalId') THEN
    RETURN '{"why": "external_id_taken"}';
  END IF;
  present := coalesce((SELECT c.live FROM credential_count c
    WHERE c.org_id = org AND c.whose = 'everyone' AND c.kind = 'provider' AND c.key = n->>'provider'), 0);
  IF present >= room.max_per_provider THEN
    RETURN jsonb_build_object('why', 'over_limit', 'scope', 'provider', 'limit', room.max_per_provider, 'current', present);
  END IF;
  present := coalesce((SELECT c.live FROM credential_count c
    WHERE c.org_id = org AND c.whose = n->>'ownerId' AND c.kind = 'all' AND c.key = ''), 0);
  IF present >= room.max_per_user THEN
    RETURN jsonb_build_object('why', 'over_limit', 'scope', 'user', 'limit', room.max_per_user, 'current', present);
  END IF;
  IF EXISTS (SELECT 1 FROM credential c WHERE c.org_id = org AND c.name_key = n->>'nameKey' AND c.deleted_at IS NULL) THEN
    RETURN '{"why": "name_taken"}';
  END IF;
  RETURN NULL;
END $$;
