-- What cannot be is refused: rows of nobody, words that nobody knows, and halves of what belongs together. Every rule is added without
-- a look at the rows that are there, which takes no time; the runner looks at them afterwards, and says where one does not hold. What
-- has exactly one right repair is repaired first.
-- functions: 228043fbc5f347aafb8d11c70566583887894ad7d51aaf09abf2bd2965cbc9f3

-- Forced row-level security holds for the owner, who runs this, as well.
DO $$
DECLARE
  t regclass;
BEGIN
  FOR t IN SELECT oid FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND relrowsecurity LOOP
    EXECUTE format('ALTER TABLE %s NO FORCE ROW LEVEL SECURITY', t);
  END LOOP;
END $$;

-- Ways in for people, and secrets of tokens, that are gone.
DELETE FROM session s WHERE NOT EXISTS (SELECT FROM user_account u WHERE u.org_id = s.org_id AND u.id = s.user_id);
DELETE FROM person_link l WHERE NOT EXISTS (SELECT FROM user_account u WHERE u.org_id = l.org_id AND u.id = l.user_id);
DELETE FROM authorization_flow f WHERE NOT EXISTS (SELECT FROM user_account u WHERE u.org_id = f.org_id AND u.id = f.user_id)
  OR (f.credential_id IS NOT NULL
    AND NOT EXISTS (SELECT FROM credential c WHERE c.org_id = f.org_id AND c.id = f.credential_id));
DELETE FROM token_secret s WHERE NOT EXISTS (SELECT FROM api_token t WHERE t.org_id = s.org_id AND t.id = s.token_id);
-- What speaks of credentials that are not there.
DELETE FROM connection_test t WHERE NOT EXISTS (SELECT FROM credential c WHERE c.org_id = t.org_id AND c.id = t.credential_id);
DELETE FROM credential_rotation r WHERE NOT EXISTS (SELECT FROM credential c WHERE c.org_id = r.org_id AND c.id = r.credential_id);
DELETE FROM provider_revocation r WHERE NOT EXISTS (SELECT FROM credential c WHERE c.org_id = r.org_id AND c.id = r.credential_id);
-- A credential of somebody who is gone is nobody's.
UPDATE credential c SET owner_id = NULL WHERE owner_id IS NOT NULL
  AND NOT EXISTS (SELECT FROM user_account u WHERE u.org_id = c.org_id AND u.id = c.owner_id);
-- A deleted credential, and a rotation that has ended, keep no secret.
UPDATE credential SET sealed = NULL, key_id = NULL WHERE deleted_at IS NOT NULL AND (sealed IS NOT NULL OR key_id IS NOT NULL);
UPDATE credential_rotation SET sealed = NULL, key_id = NULL
  WHERE (ended_at IS NOT NULL OR sealed IS NULL OR key_id IS NULL) AND (sealed IS NOT NULL OR key_id IS NOT NULL);
-- Half a lease is none, and half a verdict says nothing.
UPDATE credential SET refresh_lease = NULL, refresh_lease_until = NULL WHERE (refresh_lease IS NULL) <> (refresh_lease_until IS NULL);
UPDATE credential_rotation SET lease = NULL, lease_until = NULL WHERE (lease IS NULL) <> (lease_until IS NULL);
UPDATE provider_revocation SET lease = NULL, lease_until = NULL WHERE (lease IS NULL) <> (lease_until IS NULL);
UPDATE managed_database SET lease = NULL, lease_until = NULL WHERE (lease IS NULL) <> (lease_until IS NULL);
UPDATE credential SET health = NULL, health_reason = NULL, health_at = NULL, health_version = NULL
  WHERE num_nulls(health, health_at, health_version) IN (1, 2) OR health_version NOT BETWEEN 1 AND sealed_version;

-- Whose a row is. The organisation comes first in every key, so that no row points into another one.
ALTER TABLE user_account ADD CONSTRAINT user_account_org_id_fkey
  FOREIGN KEY (org_id) REFERENCES organization (id) ON DELETE NO ACTION NOT VALID;
ALTER TABLE service_account ADD CONSTRAINT service_account_org_id_fkey
  FOREIGN KEY (org_id) REFERENCES organization (id) ON DELETE NO ACTION NOT VALID;
ALTER TABLE api_token ADD CONSTRAINT api_token_org_id_fkey
  FOREIGN KEY (org_id) REFERENCES organization (id) ON DELETE NO ACTION NOT VALID;
ALTER TABLE credential ADD CONSTRAINT credential_org_id_fkey
  FOREIGN KEY (org_id) REFERENCES organization (id) ON DELETE NO ACTION NOT VALID;
ALTER TABLE audit_head ADD CONSTRAINT audit_head_org_id_fkey
  FOREIGN KEY (org_id) REFERENCES organization (id) ON DELETE NO ACTION NOT VALID;
ALTER TABLE managed_database ADD CONSTRAINT managed_database_org_id_fkey
  FOREIGN KEY (org_id) REFERENCES organization (id) ON DELETE NO ACTION NOT VALID;
ALTER TABLE session ADD CONSTRAINT session_org_id_user_id_fkey
  FOREIGN KEY (org_id, user_id) REFERENCES user_account (org_id, id) ON DELETE CASCADE NOT VALID;
ALTER TABLE person_link ADD CONSTRAINT person_link_org_id_user_id_fkey
  FOREIGN KEY (org_id, user_id) REFERENCES user_account (org_id, id) ON DELETE CASCADE NOT VALID;
ALTER TABLE authorization_flow ADD CONSTRAINT authorization_flow_org_id_user_id_fkey
  FOREIGN KEY (org_id, user_id) REFERENCES user_account (org_id, id) ON DELETE CASCADE NOT VALID;
ALTER TABLE authorization_flow ADD CONSTRAINT authorization_flow_org_id_credential_id_fkey
  FOREIGN KEY (org_id, credential_id) REFERENCES credential (org_id, id) ON DELETE CASCADE NOT VALID;
ALTER TABLE token_secret ADD CONSTRAINT token_secret_org_id_token_id_fkey
  FOREIGN KEY (org_id, token_id) REFERENCES api_token (org_id, id) ON DELETE CASCADE NOT VALID;
ALTER TABLE credential ADD CONSTRAINT credential_org_id_owner_id_fkey
  FOREIGN KEY (org_id, owner_id) REFERENCES user_account (org_id, id) ON DELETE NO ACTION NOT VALID;
ALTER TABLE connection_test ADD CONSTRAINT connection_test_org_id_credential_id_fkey
  FOREIGN KEY (org_id, credential_id) REFERENCES credential (org_id, id) ON DELETE CASCADE NOT VALID;
ALTER TABLE credential_rotation ADD CONSTRAINT credential_rotation_org_id_credential_id_fkey
  FOREIGN KEY (org_id, credential_id) REFERENCES credential (org_id, id) ON DELETE CASCADE NOT VALID;
ALTER TABLE provider_revocation ADD CONSTRAINT provider_revocation_org_id_credential_id_fkey
  FOREIGN KEY (org_id, credential_id) REFERENCES credential (org_id, id) ON DELETE CASCADE NOT VALID;

-- Who leaves is looked for among the owners of deleted credentials as well, so the index has those, too.
DROP INDEX credential_owner;
CREATE INDEX credential_owner ON credential (org_id, owner_id, created_at DESC, id DESC) WHERE owner_id IS NOT NULL;

-- The words that the program knows. A new word is added here by the migration that comes with it, before anybody writes it.
ALTER TABLE user_account
  ADD CONSTRAINT user_account_role_words CHECK (role IN ('org_admin', 'app_user', 'auditor', 'backoffice')) NOT VALID,
  ADD CONSTRAINT user_account_status_words CHECK (status IN ('pending', 'active', 'inactive')) NOT VALID;
ALTER TABLE service_account
  ADD CONSTRAINT service_account_status_words CHECK (status IN ('active', 'inactive')) NOT VALID;
ALTER TABLE api_token
  ADD CONSTRAINT api_token_scopes_words CHECK (scopes <@ ARRAY['read', 'write', 'admin', 'all']) NOT VALID;
ALTER TABLE token_secret
  ADD CONSTRAINT token_secret_kind_words CHECK (kind IN ('current', 'superseded')) NOT VALID;
ALTER TABLE person_link
  ADD CONSTRAINT person_link_kind_words CHECK (kind IN ('invite', 'reset')) NOT VALID;
ALTER TABLE credential
  ADD CONSTRAINT credential_health_words CHECK (health IN ('ok', 'degraded', 'failed', 'unreachable')) NOT VALID;
ALTER TABLE connection_test
  ADD CONSTRAINT connection_test_outcome_words CHECK (outcome IN ('ok', 'degraded', 'failed', 'unreachable')) NOT VALID;
ALTER TABLE credential_rotation
  ADD CONSTRAINT credential_rotation_kind_words CHECK (kind IN ('password', 'key')) NOT VALID,
  ADD CONSTRAINT credential_rotation_phase_words
    CHECK (phase IN ('prepared', 'changing', 'waiting', 'cleaning', 'done', 'undone', 'abandoned')) NOT VALID;
ALTER TABLE audit_event
  ADD CONSTRAINT audit_event_actor_kind_words CHECK (actor_kind IN ('user', 'service_account', 'system')) NOT VALID,
  ADD CONSTRAINT audit_event_outcome_words CHECK (outcome IN ('done', 'refused', 'failed')) NOT VALID;

-- What belongs together.
ALTER TABLE api_token
  ADD CONSTRAINT api_token_one_owner CHECK (num_nonnulls(user_id, service_account_id) = 1) NOT VALID,
  ADD CONSTRAINT api_token_confirmed_set_up CHECK (confirmed_at IS NULL OR set_up_by IS NOT NULL) NOT VALID;
ALTER TABLE user_account
  ADD CONSTRAINT user_account_confirmed_set_up CHECK (confirmed_at IS NULL OR set_up_by IS NOT NULL) NOT VALID;
ALTER TABLE person_link
  ADD CONSTRAINT person_link_confirmed_set_up CHECK (confirmed_at IS NULL OR set_up_by IS NOT NULL) NOT VALID,
  ADD CONSTRAINT person_link_times CHECK (made_at < expires_at) NOT VALID;
ALTER TABLE token_secret
  ADD CONSTRAINT token_secret_superseded_ends CHECK ((kind = 'superseded') = (expires_at IS NOT NULL)) NOT VALID;
ALTER TABLE credential
  ADD CONSTRAINT credential_sealed_while_live CHECK ((sealed IS NULL) = (deleted_at IS NOT NULL)) NOT VALID,
  ADD CONSTRAINT credential_sealed_names_key CHECK ((sealed IS NULL) = (key_id IS NULL)) NOT VALID,
  ADD CONSTRAINT credential_health_whole CHECK (num_nulls(health, health_at, health_version) IN (0, 3)) NOT VALID,
  ADD CONSTRAINT credential_lease_whole CHECK ((refresh_lease IS NULL) = (refresh_lease_until IS NULL)) NOT VALID;
ALTER TABLE credential_rotation
  ADD CONSTRAINT credential_rotation_sealed_names_key CHECK ((sealed IS NULL) = (key_id IS NULL)) NOT VALID,
  ADD CONSTRAINT credential_rotation_ended_forgets CHECK (ended_at IS NULL OR sealed IS NULL) NOT VALID,
  ADD CONSTRAINT credential_rotation_ended_phase
    CHECK ((ended_at IS NULL) = (phase NOT IN ('done', 'undone', 'abandoned'))) NOT VALID,
  ADD CONSTRAINT credential_rotation_lease_whole CHECK ((lease IS NULL) = (lease_until IS NULL)) NOT VALID;
ALTER TABLE provider_revocation
  ADD CONSTRAINT provider_revocation_lease_whole CHECK ((lease IS NULL) = (lease_until IS NULL)) NOT VALID;
ALTER TABLE managed_database
  ADD CONSTRAINT managed_database_lease_whole CHECK ((lease IS NULL) = (lease_until IS NULL)) NOT VALID;

-- How far numbers and texts go.
ALTER TABLE organization
  ADD CONSTRAINT organization_version_counts CHECK (version >= 1) NOT VALID,
  ADD CONSTRAINT organization_limits CHECK (max_per_provider >= 1 AND max_per_user >= 1) NOT VALID,
  ADD CONSTRAINT organization_name_length CHECK (char_length(name) BETWEEN 1 AND 200) NOT VALID;
ALTER TABLE user_account
  ADD CONSTRAINT user_account_version_counts CHECK (version >= 1 AND stamp >= 1) NOT VALID;
ALTER TABLE api_token
  ADD CONSTRAINT api_token_version_counts CHECK (version >= 1) NOT VALID;
ALTER TABLE credential
  ADD CONSTRAINT credential_version_counts CHECK (version >= 1 AND sealed_version >= 1) NOT VALID,
  ADD CONSTRAINT credential_health_version CHECK (health_version BETWEEN 1 AND sealed_version) NOT VALID,
  ADD CONSTRAINT credential_refresh_failures CHECK (refresh_failures >= 0) NOT VALID,
  ADD CONSTRAINT credential_lengths CHECK (char_length(name) BETWEEN 1 AND 200 AND char_length(summary) <= 500
    AND char_length(external_id) BETWEEN 1 AND 255) NOT VALID;
ALTER TABLE credential_change
  ADD CONSTRAINT credential_change_version_counts CHECK (version >= 2) NOT VALID;
ALTER TABLE connection_test
  ADD CONSTRAINT connection_test_counts CHECK (tested_version >= 1 AND duration_ms >= 0) NOT VALID;
ALTER TABLE credential_use
  ADD CONSTRAINT credential_use_counts CHECK (fetches >= 1 AND last_version >= 1) NOT VALID;
ALTER TABLE credential_rotation
  ADD CONSTRAINT credential_rotation_counts CHECK (from_version >= 1 AND failures >= 0) NOT VALID;
ALTER TABLE provider_revocation
  ADD CONSTRAINT provider_revocation_counts CHECK (sealed_version >= 1 AND failures >= 0) NOT VALID;
ALTER TABLE idempotency_key
  ADD CONSTRAINT idempotency_key_status CHECK (status BETWEEN 100 AND 599) NOT VALID;
ALTER TABLE root_secret ADD CONSTRAINT root_secret_single CHECK (id = 1) NOT VALID;
ALTER TABLE setup_token ADD CONSTRAINT setup_token_single CHECK (id = 1) NOT VALID;

DO $$
DECLARE
  t regclass;
BEGIN
  FOR t IN SELECT oid FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND relrowsecurity LOOP
    EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', t);
  END LOOP;
END $$;
