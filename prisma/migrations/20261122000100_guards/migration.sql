-- What the schema language cannot say: the role the application works under, row-level security, the audit log's
-- write-once rule, the indexes of the lists, and the statements of the hot paths.

CREATE EXTENSION IF NOT EXISTS pg_trgm;

-- The application's role owns nothing and cannot bypass row-level security. Every connection takes it on
-- (`-c role=latchkey_app`), whoever signed in. Roles belong to the whole cluster, so a second database finds it there.
DO $$
BEGIN
  BEGIN
    CREATE ROLE latchkey_app NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS;
  EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
  END;
  -- Superusers may take it on as they are. Roles are shared by the cluster: two migrations at once must not write one.
  -- Since PostgreSQL 16 a role's maker is a member that may not take it on.
  IF NOT pg_has_role(current_user, 'latchkey_app',
    CASE WHEN current_setting('server_version_num')::int >= 160000 THEN 'SET' ELSE 'MEMBER' END) THEN
    EXECUTE format('GRANT latchkey_app TO %I', current_user);
  END IF;
  EXECUTE format('GRANT USAGE ON SCHEMA %I TO latchkey_app', current_schema());
END $$;

GRANT SELECT, INSERT, UPDATE, DELETE ON
  organization, user_account, session, service_account, api_token, connection_test, credential_use, usage_mark,
  idempotency_key, rate_limit TO latchkey_app;
-- A deleted credential keeps its row for the audit trail.
GRANT SELECT, INSERT, UPDATE ON credential, audit_head, root_secret, setup_token TO latchkey_app;
GRANT SELECT, INSERT ON audit_event TO latchkey_app;

-- Row-level security: a statement sees the rows of the organisation named in its own transaction, else none.
-- The setting is '' after a transaction that set it, hence nullif.
CREATE FUNCTION app_org() RETURNS uuid LANGUAGE sql STABLE
  AS $$ SELECT nullif(current_setting('app.org_id', true), '')::uuid $$;
-- 'authentication': who is asking is not known yet. 'platform': work over all organisations (listing them, key
-- rotation). Both only widen reading, and only on the tables named below.
CREATE FUNCTION app_scope() RETURNS text LANGUAGE sql STABLE
  AS $$ SELECT coalesce(current_setting('app.scope', true), '') $$;

DO $$
DECLARE
  t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['user_account', 'session', 'service_account', 'api_token', 'credential', 'connection_test',
    'credential_use', 'usage_mark', 'audit_event', 'audit_head', 'idempotency_key']
  LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY own_organization ON %I USING (org_id = (SELECT app_org()))', t);
  END LOOP;
  FOREACH t IN ARRAY ARRAY['user_account', 'session', 'service_account', 'api_token']
  LOOP
    EXECUTE format('CREATE POLICY authentication ON %I FOR SELECT USING ((SELECT app_scope()) = ''authentication'')', t);
  END LOOP;
END $$;

ALTER TABLE organization ENABLE ROW LEVEL SECURITY;
ALTER TABLE organization FORCE ROW LEVEL SECURITY;
CREATE POLICY own_organization ON organization USING (id = (SELECT app_org()));
CREATE POLICY authentication ON organization FOR SELECT USING ((SELECT app_scope()) = 'authentication');
CREATE POLICY platform ON organization FOR SELECT USING ((SELECT app_scope()) = 'platform');
CREATE POLICY platform ON credential FOR SELECT USING ((SELECT app_scope()) = 'platform');
CREATE POLICY platform ON audit_head FOR SELECT USING ((SELECT app_scope()) = 'platform');

-- The audit log is written once. The role has no right to change it; this also stops its owner's slips.
CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql
  AS $$ BEGIN RAISE EXCEPTION 'audit events are never changed'; END $$;
CREATE TRIGGER audit_event_write_once BEFORE UPDATE OR DELETE ON audit_event
  FOR EACH ROW EXECUTE FUNCTION refuse_audit_change();
CREATE TRIGGER audit_event_no_truncate BEFORE TRUNCATE ON audit_event
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change();

-- Lists: one index for each order they can be asked in; the id breaks ties, so a keyset cursor never skips.
CREATE INDEX credential_created ON credential (org_id, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX credential_owner ON credential (org_id, owner_id, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX credential_provider ON credential (org_id, provider, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX credential_updated ON credential (org_id, updated_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX credential_name ON credential (org_id, name_key, id) WHERE deleted_at IS NULL;
CREATE INDEX credential_last_used ON credential (org_id, last_used_at DESC NULLS LAST, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX credential_expires ON credential (org_id, expires_at, id) WHERE deleted_at IS NULL;
CREATE INDEX credential_tags ON credential USING gin (tags) WHERE deleted_at IS NULL;
CREATE INDEX credential_search ON credential USING gin (search gin_trgm_ops) WHERE deleted_at IS NULL;
CREATE INDEX credential_key ON credential (key_id) WHERE sealed IS NOT NULL;

-- Hot paths: one statement each, so that row-level security costs no extra round trip. The setting lasts for the
-- implicit transaction of the calling statement. SECURITY INVOKER: the policies above apply in full. Requests that arrive
-- together share a call; the rows are sought one by one, so that no plan can mistake a few ids for a whole organisation.
CREATE FUNCTION credentials_in(org uuid, wanted uuid[]) RETURNS TABLE (
  org_id uuid, id uuid, external_id text, owner_id uuid, provider text, type text, name text, name_key text, tags text[],
  summary text, config jsonb, secret_info jsonb, account_email text, sealed bytea, key_id text, version integer,
  sealed_version integer, active boolean, needs_reauth boolean, expires_at timestamptz, token_expires_at timestamptz,
  health text, health_reason text, health_at timestamptz, health_version integer, last_used_at timestamptz,
  created_at timestamptz, updated_at timestamptz, modified_by text, test_required boolean
) LANGUAGE plpgsql
  AS $$
DECLARE
  one uuid;
BEGIN
  PERFORM set_config('app.org_id', org::text, true);
  FOREACH one IN ARRAY wanted LOOP
    RETURN QUERY
      SELECT c.org_id, c.id, c.external_id, c.owner_id, c.provider, c.type, c.name, c.name_key, c.tags, c.summary, c.config,
             c.secret_info, c.account_email, c.sealed, c.key_id, c.version, c.sealed_version, c.active, c.needs_reauth,
             c.expires_at, c.token_expires_at, c.health, c.health_reason, c.health_at, c.health_version, c.last_used_at,
             c.created_at, c.updated_at, c.modified_by, o.require_test_before_save
        FROM credential c JOIN organization o ON o.id = c.org_id
       WHERE c.org_id = org AND c.id = one AND c.deleted_at IS NULL;
  END LOOP;
END $$;

-- The little that a fetch needs.
CREATE FUNCTION secrets_in(org uuid, wanted uuid[]) RETURNS TABLE (
  org_id uuid, id uuid, provider text, type text, name text, sealed bytea, key_id text, version integer,
  sealed_version integer, active boolean
) LANGUAGE plpgsql
  AS $$
DECLARE
  one uuid;
BEGIN
  PERFORM set_config('app.org_id', org::text, true);
  FOREACH one IN ARRAY wanted LOOP
    RETURN QUERY
      SELECT c.org_id, c.id, c.provider, c.type, c.name, c.sealed, c.key_id, c.version, c.sealed_version, c.active
        FROM credential c WHERE c.org_id = org AND c.id = one AND c.deleted_at IS NULL;
  END LOOP;
END $$;

-- What a page or an API answer shows: no sealed data, no search text.
CREATE FUNCTION credential_views_in(org uuid, wanted uuid[]) RETURNS TABLE (
  id uuid, external_id text, owner_id uuid, owner_name text, provider text, type text, name text, tags text[], summary text,
  config jsonb, secret_info jsonb, account_email text, version integer, sealed_version integer, active boolean,
  needs_reauth boolean, expires_at timestamptz, token_expires_at timestamptz, health text, health_reason text,
  health_at timestamptz, health_version integer, last_used_at timestamptz, created_at timestamptz, updated_at timestamptz,
  modified_by text
) LANGUAGE plpgsql
  AS $$
DECLARE
  one uuid;
BEGIN
  PERFORM set_config('app.org_id', org::text, true);
  FOREACH one IN ARRAY wanted LOOP
    RETURN QUERY
      SELECT c.id, c.external_id, c.owner_id, coalesce(u.name, u.email), c.provider, c.type, c.name, c.tags, c.summary,
             c.config, c.secret_info, c.account_email, c.version, c.sealed_version, c.active, c.needs_reauth, c.expires_at,
             c.token_expires_at, c.health, c.health_reason, c.health_at, c.health_version, c.last_used_at, c.created_at,
             c.updated_at, c.modified_by
        FROM credential c LEFT JOIN user_account u ON u.org_id = c.org_id AND u.id = c.owner_id
       WHERE c.org_id = org AND c.id = one AND c.deleted_at IS NULL;
  END LOOP;
END $$;

CREATE FUNCTION test_required_in(org uuid) RETURNS boolean LANGUAGE plpgsql
  AS $$
BEGIN
  PERFORM set_config('app.org_id', org::text, true);
  RETURN (SELECT o.require_test_before_save FROM organization o WHERE o.id = org);
END $$;

-- Writes changes of one organisation, each only if its row is still at the version it was made from and its name is
-- still free; answers the ids that took. Row by row: a join against the list of changes was planned as a scan of the
-- whole organisation. The caller's transaction holds the organisation's lock.
CREATE FUNCTION write_credentials(org uuid, changes jsonb) RETURNS SETOF uuid LANGUAGE plpgsql
  AS $$
DECLARE
  n jsonb;
BEGIN
  FOR n IN SELECT jsonb_array_elements(changes) LOOP
    UPDATE credential c SET type = n->>'type', name = n->>'name', name_key = n->>'nameKey',
        tags = ARRAY(SELECT jsonb_array_elements_text(n->'tags')), summary = n->>'summary', search = n->>'search',
        config = n->'config', secret_info = n->'secretInfo', account_email = n->>'accountEmail',
        sealed = decode(n->>'sealed', 'base64'), key_id = n->>'keyId', sealed_version = (n->>'sealedVersion')::int,
        active = (n->>'active')::boolean, needs_reauth = (n->>'needsReauth')::boolean,
        expires_at = (n->>'expiresAt')::timestamptz, token_expires_at = (n->>'tokenExpiresAt')::timestamptz,
        health = n->>'health', health_reason = n->>'healthReason', health_at = (n->>'healthAt')::timestamptz,
        health_version = (n->>'healthVersion')::int, updated_at = (n->>'updatedAt')::timestamptz,
        modified_by = n->>'modifiedBy', version = c.version + 1
      WHERE c.org_id = org AND c.id = (n->>'id')::uuid AND c.version = (n->>'expected')::int AND c.deleted_at IS NULL
        AND (c.name_key = n->>'nameKey' OR NOT EXISTS (
          SELECT 1 FROM credential x WHERE x.org_id = org AND x.name_key = n->>'nameKey' AND x.deleted_at IS NULL));
    IF FOUND THEN
      RETURN NEXT (n->>'id')::uuid;
    END IF;
  END LOOP;
END $$;

-- The journal's short road: events, changes and the head's step in one statement, if the chain still ends where the
-- caller believes it does. Answers null when stored, else the true head, with nothing done. A change that does not take
-- undoes the whole statement and is named, because every later event's hash counts on it.
CREATE FUNCTION journal_append(org uuid, expected_seq bigint, expected_hash bytea, next_seq bigint, next_hash bytea,
  events jsonb, changes jsonb) RETURNS TABLE (seq bigint, hash bytea) LANGUAGE plpgsql
  AS $$
DECLARE
  missed text;
BEGIN
  PERFORM set_config('app.org_id', org::text, true);
  UPDATE audit_head h SET seq = next_seq, hash = next_hash
    WHERE h.org_id = org AND h.seq = expected_seq AND h.hash = expected_hash;
  IF NOT FOUND THEN
    RETURN QUERY SELECT h.seq, h.hash FROM audit_head h WHERE h.org_id = org;
    RETURN;
  END IF;
  IF changes IS NOT NULL THEN
    SELECT string_agg(n->>'id', ',') INTO missed FROM jsonb_array_elements(changes) n
      WHERE (n->>'id')::uuid NOT IN (SELECT write_credentials(org, changes));
    IF missed IS NOT NULL THEN
      RAISE EXCEPTION 'changes did not take' USING ERRCODE = 'LK001', DETAIL = missed;
    END IF;
  END IF;
  PERFORM insert_audit_events(events);
END $$;

CREATE FUNCTION insert_audit_events(events jsonb) RETURNS void LANGUAGE sql
  AS $$
    INSERT INTO audit_event (org_id, seq, at, actor_kind, actor_id, actor_name, action, outcome, reason, target_type,
      target_id, target_name, fields, version, key_id, sealed_hash, request_id, address, prev_hash, hash)
    SELECT (e->>'orgId')::uuid, (e->>'seq')::bigint, (e->>'at')::timestamptz, e->>'actorKind', e->>'actorId',
      e->>'actorName', e->>'action', e->>'outcome', e->>'reason', e->>'targetType', e->>'targetId', e->>'targetName',
      ARRAY(SELECT jsonb_array_elements_text(e->'fields')), (e->>'version')::int, e->>'keyId',
      decode(e->>'sealedHash', 'hex'), e->>'requestId', e->>'address', decode(e->>'prevHash', 'hex'),
      decode(e->>'hash', 'hex')
      FROM jsonb_array_elements(events) e
  $$;

-- Counts the fetches that the audit log holds and that were not counted yet: exact, however often it is cut off.
CREATE FUNCTION count_uses(org uuid) RETURNS void LANGUAGE plpgsql
  AS $$
DECLARE
  counted bigint;
  last bigint;
BEGIN
  PERFORM set_config('app.org_id', org::text, true);
  INSERT INTO usage_mark (org_id, seq) VALUES (org, 0) ON CONFLICT DO NOTHING;
  SELECT m.seq INTO counted FROM usage_mark m WHERE m.org_id = org FOR UPDATE;
  SELECT h.seq INTO last FROM audit_head h WHERE h.org_id = org;
  IF last IS NULL OR last = counted THEN
    RETURN;
  END IF;
  INSERT INTO credential_use (org_id, credential_id, service_account_id, day, fetches, last_at, last_version)
    SELECT org, e.target_id::uuid, e.actor_id::uuid, (e.at AT TIME ZONE 'UTC')::date, count(*)::int, max(e.at), max(e.version)
      FROM audit_event e
     WHERE e.org_id = org AND e.seq > counted AND e.seq <= last AND e.action = 'secret.fetched' AND e.outcome = 'done'
     GROUP BY 2, 3, 4
    ON CONFLICT (org_id, credential_id, service_account_id, day) DO UPDATE
      SET fetches = credential_use.fetches + excluded.fetches, last_at = greatest(credential_use.last_at, excluded.last_at),
          last_version = greatest(credential_use.last_version, excluded.last_version);
  UPDATE credential c SET last_used_at = u.at
    FROM (SELECT e.target_id::uuid AS id, max(e.at) AS at FROM audit_event e
           WHERE e.org_id = org AND e.seq > counted AND e.seq <= last AND e.action = 'secret.fetched' AND e.outcome = 'done'
           GROUP BY 1) u
   WHERE c.org_id = org AND c.id = u.id AND (c.last_used_at IS NULL OR c.last_used_at < u.at);
  UPDATE usage_mark SET seq = last WHERE org_id = org;
END $$;

CREATE FUNCTION caller_of_token(wanted bytea) RETURNS TABLE (
  org_id uuid, org_active boolean, token_id uuid, token_name text, token_active boolean, scopes text[],
  expires_at timestamptz, revoked_at timestamptz, last_used_at timestamptz,
  user_id uuid, user_name text, user_email text, user_role text, user_status text,
  service_account_id uuid, service_account_name text, service_account_status text
) LANGUAGE plpgsql
  AS $$
BEGIN
  PERFORM set_config('app.scope', 'authentication', true);
  RETURN QUERY
    SELECT t.org_id, o.active, t.id, t.name, t.active, t.scopes, t.expires_at, t.revoked_at, t.last_used_at,
           u.id, u.name, u.email, u.role, u.status, s.id, s.name, s.status
      FROM api_token t
      JOIN organization o ON o.id = t.org_id
      LEFT JOIN user_account u ON u.org_id = t.org_id AND u.id = t.user_id
      LEFT JOIN service_account s ON s.org_id = t.org_id AND s.id = t.service_account_id
     WHERE t.digest = wanted;
  -- Within a longer transaction the widened reading must end here.
  PERFORM set_config('app.scope', '', true);
END $$;
