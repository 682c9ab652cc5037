-- Where the decision of access.sql stands below every query, and what is kept beside the rows for it. A database whose tables are older has
-- none of it yet.
DO $make$
DECLARE
  t text;
  p text;
BEGIN
  IF to_regclass('access_grant') IS NULL THEN
    RETURN;
  END IF;

  -- The rights over one credential by name that whoever it is looked for has. In SQL, so that it becomes a part of the statement that asks.
  CREATE OR REPLACE FUNCTION named_grants(org uuid, wanted uuid) RETURNS SETOF text LANGUAGE sql STABLE
    AS $$ SELECT g."right" FROM access_grant g WHERE g.org_id = org AND g.credential_id = wanted
      AND g.subject_id = ANY ((SELECT app_subjects())::uuid[]) AND (g.expires_at IS NULL OR g.expires_at > now()) $$;

  -- What a statement sees of credentials: what somebody it looks for reaches, by any right. Written in the order of what it costs.
  DROP POLICY IF EXISTS own_organization ON credential;
  DROP POLICY IF EXISTS reached ON credential;
  DROP POLICY IF EXISTS stored ON credential;
  DROP POLICY IF EXISTS changed ON credential;
  DROP POLICY IF EXISTS removed ON credential;
  CREATE POLICY reached ON credential FOR SELECT USING (
    org_id = (SELECT app_org())
    AND ((SELECT app_who()) = 'whole'
      OR owner_id = (SELECT app_subject())
      OR (SELECT reaches_all())
      OR provider = ANY ((SELECT reached_keys('kind'))::text[])
      OR tags && (SELECT reached_keys('tag'))::text[]
      -- OFFSET keeps the planner from reading all that somebody has by name for each statement: a row is looked up by itself.
      OR ((SELECT has_named_grants()) AND EXISTS (SELECT FROM access_grant g
        WHERE g.org_id = credential.org_id AND g.credential_id = credential.id AND g.subject_id = ANY ((SELECT app_subjects())::uuid[])
          AND (g.expires_at IS NULL OR g.expires_at > now()) OFFSET 0)))
    AND ((SELECT app_token()) IS NULL
      OR (((SELECT token_limit('credentialIds')) IS NULL OR id = ANY ((SELECT token_limit('credentialIds'))::uuid[]))
        AND ((SELECT token_limit('tags')) IS NULL OR tags && (SELECT token_limit('tags'))::text[])
        AND ((SELECT token_limit('kinds')) IS NULL OR provider = ANY ((SELECT token_limit('kinds'))::text[])))));
  -- Rows are written by the journal and the background, after a judgement of their own (`may_write`).
  CREATE POLICY stored ON credential FOR INSERT WITH CHECK (org_id = (SELECT app_org()));
  CREATE POLICY changed ON credential FOR UPDATE USING (org_id = (SELECT app_org()) AND (SELECT app_who()) = 'whole')
    WITH CHECK (org_id = (SELECT app_org()));
  CREATE POLICY removed ON credential FOR DELETE USING (org_id = (SELECT app_org()) AND (SELECT app_who()) = 'whole');

  -- What hangs on a credential is seen by whoever sees that.
  FOREACH t IN ARRAY ARRAY['connection_test', 'credential_change', 'credential_use', 'token_use', 'credential_rotation'] LOOP
    FOREACH p IN ARRAY ARRAY['own_organization', 'reached', 'stored', 'changed', 'removed'] LOOP
      EXECUTE format('DROP POLICY IF EXISTS %I ON %I', p, t);
    END LOOP;
    EXECUTE format('CREATE POLICY reached ON %I FOR SELECT USING (org_id = (SELECT app_org()) AND ((SELECT app_who()) = ''whole''
      OR EXISTS (SELECT FROM credential c WHERE c.org_id = %I.org_id AND c.id = %I.credential_id)))', t, t, t);
    EXECUTE format('CREATE POLICY stored ON %I FOR INSERT WITH CHECK (org_id = (SELECT app_org()))', t);
    EXECUTE format('CREATE POLICY changed ON %I FOR UPDATE USING (org_id = (SELECT app_org()) AND (SELECT app_who()) = ''whole'')
      WITH CHECK (org_id = (SELECT app_org()))', t);
    EXECUTE format('CREATE POLICY removed ON %I FOR DELETE USING (org_id = (SELECT app_org()) AND (SELECT app_who()) = ''whole'')', t);
  END LOOP;

  CREATE OR REPLACE TRIGGER credential_access_forgotten AFTER UPDATE OF deleted_at ON credential FOR EACH ROW
    WHEN (OLD.deleted_at IS NULL AND NEW.deleted_at IS NOT NULL) EXECUTE FUNCTION forget_access_to_credential();
  CREATE OR REPLACE TRIGGER access_forgotten AFTER DELETE ON user_account FOR EACH ROW EXECUTE FUNCTION forget_access_of_subject();
  CREATE OR REPLACE TRIGGER access_forgotten AFTER DELETE ON service_account FOR EACH ROW EXECUTE FUNCTION forget_access_of_subject();
  CREATE OR REPLACE TRIGGER access_forgotten AFTER DELETE ON access_group FOR EACH ROW EXECUTE FUNCTION forget_access_of_subject();

  -- From the first trigger to the end of this nobody writes a credential, so that none is passed over.
  IF NOT EXISTS (SELECT FROM pg_trigger WHERE tgrelid = 'credential'::regclass AND tgname = 'credential_tagged') THEN
    CREATE TRIGGER credential_tagged AFTER INSERT ON credential FOR EACH ROW WHEN (cardinality(NEW.tags) > 0)
      EXECUTE FUNCTION keep_credential_tags();
    CREATE TRIGGER credential_retagged AFTER UPDATE OF tags, deleted_at ON credential FOR EACH ROW
      WHEN (OLD.tags IS DISTINCT FROM NEW.tags OR OLD.deleted_at IS DISTINCT FROM NEW.deleted_at)
      EXECUTE FUNCTION keep_credential_tags();
    -- Forced row-level security holds for the owner, who runs this, as well.
    ALTER TABLE credential NO FORCE ROW LEVEL SECURITY;
    ALTER TABLE credential_tag NO FORCE ROW LEVEL SECURITY;
    INSERT INTO credential_tag (org_id, tag, credential_id)
      SELECT DISTINCT c.org_id, tag, c.id FROM credential c, unnest(c.tags) AS tag WHERE c.deleted_at IS NULL AND tag IS NOT NULL
      -- Rows that came from a backup brought theirs.
      ON CONFLICT DO NOTHING;
    ALTER TABLE credential FORCE ROW LEVEL SECURITY;
    ALTER TABLE credential_tag FORCE ROW LEVEL SECURITY;
  END IF;
END $make$;
