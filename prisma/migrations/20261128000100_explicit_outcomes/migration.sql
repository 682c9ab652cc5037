-- Every write of credentials goes the journal's short road, and what it did is said, never left to be concluded: stored,
-- refused with the reason, the chain moved on, or there is no chain.

-- How many live credentials an organisation has of a provider and of an owner: what its limits are compared with. Counted
-- by triggers, so that no way of writing can forget it; a count over the rows would grow with the store, under the lock
-- that every fetch of the organisation waits for.
CREATE TABLE "credential_count" (
    "org_id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "live" INTEGER NOT NULL,

    CONSTRAINT "credential_count_pkey" PRIMARY KEY ("org_id","kind","key")
);
ALTER TABLE credential NO FORCE ROW LEVEL SECURITY;
INSERT INTO credential_count (org_id, kind, key, live)
  SELECT org_id, 'provider', provider, count(*) FROM credential WHERE deleted_at IS NULL GROUP BY 1, 3
  UNION ALL
  SELECT org_id, 'owner', owner_id::text, count(*) FROM credential WHERE deleted_at IS NULL AND owner_id IS NOT NULL GROUP BY 1, 3;
ALTER TABLE credential FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE, DELETE ON credential_count TO latchkey_app;
ALTER TABLE credential_count ENABLE ROW LEVEL SECURITY;
ALTER TABLE credential_count FORCE ROW LEVEL SECURITY;
CREATE POLICY own_organization ON credential_count USING (org_id = (SELECT app_org()));

CREATE FUNCTION count_credential(org uuid, of_kind text, of_key text, step integer) RETURNS void LANGUAGE sql
  AS $$
    INSERT INTO credential_count AS c (org_id, kind, key, live) VALUES (org, of_kind, of_key, step)
      ON CONFLICT (org_id, kind, key) DO UPDATE SET live = c.live + step
  $$;

-- Of an owner who is gone nobody asks: their count is dropped with them, and rows that lose their owner step nothing.
CREATE FUNCTION keep_credential_count() RETURNS trigger LANGUAGE plpgsql
  AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND OLD.deleted_at IS NULL THEN
    PERFORM count_credential(OLD.org_id, 'provider', OLD.provider, -1);
    IF OLD.owner_id IS NOT NULL THEN PERFORM count_credential(OLD.org_id, 'owner', OLD.owner_id::text, -1); END IF;
  END IF;
  IF NEW.deleted_at IS NULL THEN
    PERFORM count_credential(NEW.org_id, 'provider', NEW.provider, 1);
    IF NEW.owner_id IS NOT NULL THEN PERFORM count_credential(NEW.org_id, 'owner', NEW.owner_id::text, 1); END IF;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER credential_counted AFTER INSERT ON credential FOR EACH ROW EXECUTE FUNCTION keep_credential_count();
CREATE TRIGGER credential_recounted AFTER UPDATE OF provider, owner_id, deleted_at ON credential FOR EACH ROW
  WHEN (current_setting('app.uncounted', true) IS DISTINCT FROM OLD.org_id::text
    AND ((OLD.deleted_at IS NULL) <> (NEW.deleted_at IS NULL) OR OLD.provider <> NEW.provider
      OR (NEW.owner_id IS NOT NULL AND OLD.owner_id IS DISTINCT FROM NEW.owner_id)))
  EXECUTE FUNCTION keep_credential_count();

CREATE FUNCTION drop_owner_count() RETURNS trigger LANGUAGE plpgsql
  AS $$
BEGIN
  DELETE FROM credential_count c WHERE c.org_id = OLD.org_id AND c.kind = 'owner' AND c.key = OLD.id::text;
  RETURN NULL;
END $$;
CREATE TRIGGER owner_gone AFTER DELETE ON user_account FOR EACH ROW EXECUTE FUNCTION drop_owner_count();

-- An organisation that goes takes its counts along at once: stepping one row down a million times in one transaction
-- would take as many steps squared.
ALTER FUNCTION shred_organization(uuid, timestamptz, text) RENAME TO shred_organization_rows;
CREATE FUNCTION shred_organization(org uuid, at timestamptz, who text) RETURNS void LANGUAGE plpgsql
  AS $$
BEGIN
  PERFORM set_config('app.uncounted', org::text, true);
  PERFORM shred_organization_rows(org, at, who);
  DELETE FROM credential_count WHERE org_id = org;
END $$;

-- Why a new credential cannot be stored; null when it can. Called while the organisation's chain is locked, which orders
-- all its writes, so that the verdict still holds when the row is written.
CREATE FUNCTION judge_new_credential(org uuid, n jsonb) RETURNS jsonb LANGUAGE plpgsql
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
    WHERE c.org_id = org AND c.kind = 'provider' AND c.key = n->>'provider'), 0);
  IF present >= room.max_per_provider THEN
    RETURN jsonb_build_object('why', 'over_limit', 'scope', 'provider', 'limit', room.max_per_provider, 'current', present);
  END IF;
  present := coalesce((SELECT c.live FROM credential_count c
    WHERE c.org_id = org AND c.kind = 'owner' AND c.key = n->>'ownerId'), 0);
  IF present >= room.max_per_user THEN
    RETURN jsonb_build_object('why', 'over_limit', 'scope', 'user', 'limit', room.max_per_user, 'current', present);
  END IF;
  IF EXISTS (SELECT 1 FROM credential c WHERE c.org_id = org AND c.name_key = n->>'nameKey' AND c.deleted_at IS NULL) THEN
    RETURN '{"why": "name_taken"}';
  END IF;
  RETURN NULL;
END $$;

CREATE FUNCTION insert_connection_test(org uuid, credential uuid, t jsonb) RETURNS void LANGUAGE sql
  AS $$
    INSERT INTO connection_test (org_id, id, credential_id, outcome, reason, steps, tested_version, duration_ms, actor_name, at)
    SELECT org, (t->>'id')::uuid, credential, t->>'outcome', t->>'reason', t->'steps', (t->>'testedVersion')::int,
      (t->>'durationMs')::int, t->>'actorName', (t->>'at')::timestamptz
  $$;

CREATE FUNCTION insert_credential(org uuid, n jsonb) RETURNS void LANGUAGE sql
  AS $$
    INSERT INTO credential (org_id, id, external_id, owner_id, provider, type, name, name_key, tags, summary, search, config,
      secret_info, account_email, sealed, key_id, expires_at, token_expires_at, refresh_at, health, health_reason, health_at,
      health_version, created_at, updated_at, modified_by)
    SELECT org, (n->>'id')::uuid, n->>'externalId', (n->>'ownerId')::uuid, n->>'provider', n->>'type', n->>'name',
      n->>'nameKey', ARRAY(SELECT jsonb_array_elements_text(n->'tags')), n->>'summary', n->>'search', n->'config',
      n->'secretInfo', n->>'accountEmail', decode(n->>'sealed', 'base64'), n->>'keyId', (n->>'expiresAt')::timestamptz,
      (n->>'tokenExpiresAt')::timestamptz, (n->>'refreshAt')::timestamptz, n->>'health', n->>'healthReason',
      (n->>'healthAt')::timestamptz, (n->>'healthVersion')::int, (n->>'createdAt')::timestamptz,
      (n->>'updatedAt')::timestamptz, n->>'modifiedBy'
  $$;

-- Takes a credential out of use and shreds its secret in the same row version.
CREATE FUNCTION shred_credential(org uuid, n jsonb) RETURNS boolean LANGUAGE plpgsql
  AS $$
BEGIN
  -- What its maker called it is free for another.
  UPDATE credential c SET sealed = NULL, key_id = NULL, external_id = NULL, active = false, version = c.version + 1,
      deleted_at = (n->>'at')::timestamptz, updated_at = (n->>'at')::timestamptz, modified_by = n->>'modifiedBy'
    WHERE c.org_id = org AND c.id = (n->>'id')::uuid AND c.version = (n->>'expected')::int AND c.deleted_at IS NULL;
  RETURN FOUND;
END $$;

-- Why a change or a deletion did not take.
CREATE FUNCTION why_missed(org uuid, n jsonb) RETURNS jsonb LANGUAGE plpgsql
  AS $$
DECLARE
  c credential%ROWTYPE;
BEGIN
  SELECT * INTO c FROM credential x WHERE x.org_id = org AND x.id = (n->>'id')::uuid AND x.deleted_at IS NULL;
  IF NOT FOUND THEN
    RETURN '{"why": "gone"}';
  END IF;
  IF c.version = (n->>'expected')::int AND n->>'kind' = 'update' AND c.sealed_version = (n->>'expectedSealed')::int THEN
    RETURN CASE WHEN c.name_key <> n->>'nameKey' AND EXISTS (SELECT 1 FROM credential x
        WHERE x.org_id = org AND x.name_key = n->>'nameKey' AND x.deleted_at IS NULL)
      THEN '{"why": "name_taken"}'::jsonb ELSE '{"why": "rotating"}'::jsonb END;
  END IF;
  RETURN '{"why": "stale"}';
END $$;

-- Does one write, with the test that belongs to it. Null when it took, else why not.
CREATE FUNCTION apply_write(org uuid, n jsonb) RETURNS jsonb LANGUAGE plpgsql
  AS $$
DECLARE
  verdict jsonb;
BEGIN
  CASE n->>'kind'
    WHEN 'create' THEN
      verdict := judge_new_credential(org, n);
      IF verdict IS NOT NULL THEN RETURN verdict; END IF;
      PERFORM insert_credential(org, n);
    WHEN 'update' THEN
      PERFORM write_credentials(org, jsonb_build_array(n));
      IF NOT FOUND THEN RETURN why_missed(org, n); END IF;
    WHEN 'delete' THEN
      IF NOT shred_credential(org, n) THEN RETURN why_missed(org, n); END IF;
    WHEN 'test' THEN
      -- Health is no change of the credential: its version stays, so nobody's edit is disturbed.
      IF n->'health' IS NOT NULL THEN
        UPDATE credential c SET health = n->'health'->>'outcome', health_reason = n->'health'->>'reason',
            health_at = (n->'health'->>'at')::timestamptz, health_version = (n->'health'->>'version')::int
          WHERE c.org_id = org AND c.id = (n->>'id')::uuid AND c.deleted_at IS NULL
            AND c.sealed_version = (n->'health'->>'version')::int;
      END IF;
  END CASE;
  IF n->'test' IS NOT NULL THEN
    PERFORM insert_connection_test(org, (n->>'id')::uuid, n->'test');
  END IF;
  RETURN NULL;
END $$;

-- The journal's road: events, writes and the head's step in one statement, if the chain still ends where the caller
-- believes it does. Says what it did:
--   stored    all of it
--   moved     nothing: the chain ends elsewhere, at `seq` and `hash`
--   no_chain  nothing: the organisation has no chain, which is damage
-- A write that cannot be done undoes the whole statement, because every later event's hash counts on it: LK001, whose detail
-- holds why, by the id of the write.
-- `journal_append` stays for programs of the version before.
CREATE FUNCTION write_events(org uuid, expected_seq bigint, expected_hash bytea, next_seq bigint, next_hash bytea,
  events jsonb, writes jsonb) RETURNS TABLE (outcome text, seq bigint, hash bytea) LANGUAGE plpgsql
  AS $$
DECLARE
  n jsonb;
  verdict jsonb;
  refused jsonb := '{}';
BEGIN
  PERFORM set_config('app.org_id', org::text, true);
  UPDATE audit_head h SET seq = next_seq, hash = next_hash
    WHERE h.org_id = org AND h.seq = expected_seq AND h.hash = expected_hash;
  IF NOT FOUND THEN
    RETURN QUERY SELECT 'moved', h.seq, h.hash FROM audit_head h WHERE h.org_id = org;
    IF NOT FOUND THEN
      RETURN QUERY SELECT 'no_chain', NULL::bigint, NULL::bytea;
    END IF;
    RETURN;
  END IF;
  IF writes IS NOT NULL THEN
    FOR n IN SELECT jsonb_array_elements(writes) LOOP
      verdict := apply_write(org, n);
      IF verdict IS NOT NULL THEN
        refused := refused || jsonb_build_object(n->>'id', verdict);
      END IF;
    END LOOP;
    IF refused <> '{}' THEN
      RAISE EXCEPTION 'writes were refused' USING ERRCODE = 'LK001', DETAIL = refused::text;
    END IF;
  END IF;
  PERFORM insert_audit_events(events);
  RETURN QUERY SELECT 'stored', next_seq, next_hash;
END $$;

-- Whether nobody has set the installation up yet, for the transaction that does it: of several that ask, one at a time
-- gets an answer, and the others see what it made.
CREATE FUNCTION claim_set_up() RETURNS boolean LANGUAGE plpgsql
  AS $$
DECLARE
  before text := current_setting('app.scope', true);
  empty boolean;
BEGIN
  PERFORM pg_advisory_xact_lock(72707370);
  PERFORM set_config('app.scope', 'platform', true);
  empty := NOT EXISTS (SELECT 1 FROM organization);
  PERFORM set_config('app.scope', coalesce(before, ''), true);
  RETURN empty;
END $$;
