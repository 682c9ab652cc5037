-- What instances of earlier versions still call while a newer one is being rolled out beside them. Nothing here is for new code,
-- and no column is added here; each goes with the second release after the one that stopped calling it.

CREATE OR REPLACE FUNCTION credentials_in(org uuid, wanted uuid[]) RETURNS TABLE (
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

CREATE OR REPLACE FUNCTION credential_views_in(org uuid, wanted uuid[]) RETURNS TABLE (
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

-- The journal's short road: events, changes and the head's step in one statement, if the chain still ends where the
-- caller believes it does. Answers null when stored, else the true head, with nothing done. A change that does not take
-- undoes the whole statement and is named, because every later event's hash counts on it.
CREATE OR REPLACE FUNCTION journal_append(org uuid, expected_seq bigint, expected_hash bytea, next_seq bigint, next_hash bytea,
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
      WHERE NOT update_credential(org, n, decode(n->>'sealed', 'base64'));
    IF missed IS NOT NULL THEN
      RAISE EXCEPTION 'changes did not take' USING ERRCODE = 'LK001', DETAIL = missed;
    END IF;
  END IF;
  PERFORM insert_audit_events(events);
END $$;

-- Ciphertext stood in the writes themselves, in base64.
CREATE OR REPLACE FUNCTION apply_write(org uuid, n jsonb) RETURNS jsonb LANGUAGE plpgsql
  AS $$ BEGIN RETURN apply_write(org, n, decode(n->>'sealed', 'base64')); END $$;

CREATE OR REPLACE FUNCTION write_events(org uuid, expected_seq bigint, expected_hash bytea, next_seq bigint, next_hash bytea,
  events jsonb, writes jsonb) RETURNS TABLE (outcome text, seq bigint, hash bytea) LANGUAGE plpgsql
  AS $$
BEGIN
  RETURN QUERY SELECT * FROM write_events(org, expected_seq, expected_hash, next_seq, next_hash, events, writes,
    ARRAY(SELECT decode(n->>'sealed', 'base64') FROM jsonb_array_elements(writes) WITH ORDINALITY AS w(n, at) ORDER BY at));
END $$;

-- Before there were grants, everybody looked at the whole.
CREATE OR REPLACE FUNCTION credential_rows_in(org uuid, wanted uuid[]) RETURNS SETOF credential LANGUAGE plpgsql
  AS $$ BEGIN RETURN QUERY SELECT * FROM credential_rows_in(org, 'whole', '', wanted); END $$;

CREATE OR REPLACE FUNCTION secrets_in(org uuid, wanted uuid[]) RETURNS TABLE (
  org_id uuid, id uuid, provider text, type text, name text, sealed bytea, key_id text, version integer,
  sealed_version integer, active boolean
) LANGUAGE plpgsql
  AS $$
BEGIN
  RETURN QUERY SELECT s.org_id, s.id, s.provider, s.type, s.name, s.sealed, s.key_id, s.version, s.sealed_version, s.active
    FROM secrets_in(org, 'whole', '', wanted) s;
END $$;

-- Before tokens had limits.
CREATE OR REPLACE FUNCTION caller_of_token(wanted bytea) RETURNS TABLE (
  org_id uuid, org_active boolean, token_id uuid, token_name text, token_active boolean, scopes text[],
  expires_at timestamptz, revoked_at timestamptz,
  superseded boolean, weak boolean, secret_expires_at timestamptz, secret_last_used_at timestamptz,
  user_id uuid, user_name text, user_email text, user_role text, user_status text,
  service_account_id uuid, service_account_name text, service_account_status text,
  token_set_up_by text, token_confirmed_at timestamptz, user_set_up_by text, user_confirmed_at timestamptz
) LANGUAGE plpgsql
  AS $$
BEGIN
  PERFORM set_config('app.scope', 'authentication', true);
  RETURN QUERY
    SELECT t.org_id, o.active, t.id, t.name, t.active, t.scopes, t.expires_at, t.revoked_at,
           k.kind = 'superseded', k.weak, k.expires_at, k.last_used_at,
           u.id, u.name, u.email, u.role, u.status, s.id, s.name, s.status,
           t.set_up_by, t.confirmed_at, u.set_up_by, u.confirmed_at
      FROM token_secret k
      JOIN api_token t ON t.org_id = k.org_id AND t.id = k.token_id
      JOIN organization o ON o.id = t.org_id
      LEFT JOIN user_account u ON u.org_id = t.org_id AND u.id = t.user_id
      LEFT JOIN service_account s ON s.org_id = t.org_id AND s.id = t.service_account_id
     WHERE k.digest = wanted;
  -- Within a longer transaction the widened reading must end here.
  PERFORM set_config('app.scope', '', true);
END $$;
