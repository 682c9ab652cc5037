-- What is written of credentials, as lib/credentials/writes.ts hands it over: clear values in `n`, by the columns' names in camel
-- case, and ciphertext beside them, as bytes.

-- Stores a new row, and changes one. Their columns are those of the table as it is now, so that a column which a migration adds is
-- written without another word here: what `n` names is written, and what it does not name gets its default, or stays.
DO $make$
DECLARE
  -- What is nobody's to change: who and whose it is, what counts itself, and what other functions keep.
  fixed CONSTANT text[] := ARRAY['org_id', 'id', 'external_id', 'owner_id', 'provider', 'version', 'created_at', 'last_used_at',
    'deleted_at', 'refresh_failures', 'refresh_lease', 'refresh_lease_until', 'refresh_retry_at'];
  names text;
  fresh text;
  changed text;
BEGIN
  SELECT string_agg(name, ', ' ORDER BY place),
         string_agg(CASE WHEN byte THEN 'secret' WHEN preset IS NULL THEN value
           ELSE format('CASE WHEN n ? %L THEN %s ELSE %s END', key, value, preset) END, ', ' ORDER BY place),
         string_agg(format('%s = %s', name, CASE WHEN byte THEN format('coalesce(secret, c.%s)', name)
           ELSE format('CASE WHEN n ? %L THEN %s ELSE c.%s END', key, value, name) END), ', ' ORDER BY place)
           FILTER (WHERE attname <> ALL (fixed))
    INTO names, fresh, changed
    FROM (
      SELECT attname, quote_ident(attname) AS name, attnum AS place, key, atttypid = 'bytea'::regtype AS byte,
             pg_get_expr(d.adbin, d.adrelid) AS preset,
             CASE WHEN atttypid = 'jsonb'::regtype THEN format('n->%L', key)
                  WHEN format_type(atttypid, NULL) LIKE '%[]'
                    THEN format('ARRAY(SELECT jsonb_array_elements_text(n->%L))::%s', key, format_type(atttypid, atttypmod))
                  ELSE format('(n->>%L)::%s', key, format_type(atttypid, atttypmod)) END AS value
        FROM pg_attribute a LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum,
             LATERAL (SELECT string_agg(CASE WHEN at = 1 THEN part ELSE initcap(part) END, '' ORDER BY at) AS key
                        FROM regexp_split_to_table(attname, '_') WITH ORDINALITY AS parts(part, at)) AS camel
       WHERE attrelid = 'credential'::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = '' AND attname <> 'org_id'
    ) AS columns;

  EXECUTE format($f$
    CREATE OR REPLACE FUNCTION insert_credential(org uuid, n jsonb, secret bytea) RETURNS void LANGUAGE sql
    AS $body$ INSERT INTO credential (org_id, %s) SELECT org, %s $body$
  $f$, names, fresh);

  -- Each only if its row is still at the version it was made from and its name is still free; whether it took. The sealed data
  -- must be those that the change was made from, because a renewal replaces them without raising the version that people compare;
  -- new sealed data end a lease on the old; and while a rotation is under way, only that rotation may exchange them.
  EXECUTE format($f$
    CREATE OR REPLACE FUNCTION update_credential(org uuid, n jsonb, secret bytea) RETURNS boolean LANGUAGE plpgsql
    AS $body$
    DECLARE
      next_sealed integer := (n->>'sealedVersion')::int;
    BEGIN
      -- Which plain values are withheld from the history; the next one in the same transaction has its own.
      PERFORM set_config('app.withheld', coalesce(n->>'withheld', ''), true);
      UPDATE credential c SET %s,
          version = c.version + CASE WHEN (n->>'sameVersion')::boolean THEN 0 ELSE 1 END,
          refresh_failures = CASE WHEN next_sealed = c.sealed_version THEN c.refresh_failures ELSE 0 END,
          refresh_lease = CASE WHEN next_sealed = c.sealed_version THEN c.refresh_lease END,
          refresh_lease_until = CASE WHEN next_sealed = c.sealed_version THEN c.refresh_lease_until END,
          refresh_retry_at = CASE WHEN next_sealed = c.sealed_version THEN c.refresh_retry_at END
        WHERE c.org_id = org AND c.id = (n->>'id')::uuid AND c.version = (n->>'expected')::int
          AND c.sealed_version = (n->>'expectedSealed')::int AND c.deleted_at IS NULL
          AND (c.name_key = n->>'nameKey' OR NOT EXISTS (
            SELECT 1 FROM credential x WHERE x.org_id = org AND x.name_key = n->>'nameKey' AND x.deleted_at IS NULL))
          AND (next_sealed = c.sealed_version OR NOT EXISTS (
            SELECT 1 FROM credential_rotation r WHERE r.org_id = org AND r.credential_id = c.id AND r.ended_at IS NULL
               AND r.phase <> 'cleaning' AND r.id::text IS DISTINCT FROM n->>'rotation'));
      RETURN FOUND;
    END $body$
  $f$, changed);
END $make$;

-- Why a new credential cannot be stored; null when it can. Called while the organisation's chain is locked, which orders
-- all its writes, so that the verdict still holds when the row is written.
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

-- Takes a credential out of use and shreds its secret in the same row version. What is to be ended at the provider takes the
-- ciphertext along, from the row itself, so that it is the newest.
CREATE OR REPLACE FUNCTION shred_credential(org uuid, n jsonb) RETURNS boolean LANGUAGE plpgsql
  AS $$
DECLARE
  gone credential%ROWTYPE;
BEGIN
  SELECT * INTO gone FROM credential c
    WHERE c.org_id = org AND c.id = (n->>'id')::uuid AND c.version = (n->>'expected')::int AND c.deleted_at IS NULL FOR UPDATE;
  IF NOT FOUND THEN
    RETURN false;
  END IF;
  -- What its maker called it is free for another.
  UPDATE credential c SET sealed = NULL, key_id = NULL, external_id = NULL, active = false, version = c.version + 1,
      deleted_at = (n->>'at')::timestamptz, updated_at = (n->>'at')::timestamptz, modified_by = n->>'modifiedBy'
    WHERE c.org_id = org AND c.id = gone.id;
  IF n->'revocation' IS NOT NULL THEN
    INSERT INTO provider_revocation (org_id, credential_id, name, provider, type, account_email, sealed, key_id, sealed_version,
      asked_by, retry_at, until)
    VALUES (org, gone.id, gone.name, gone.provider, gone.type, gone.account_email, gone.sealed, gone.key_id,
      gone.sealed_version, n->>'modifiedBy', now(), now() + interval '1 day');
  END IF;
  RETURN true;
END $$;

-- Why a change or a deletion did not take.
CREATE OR REPLACE FUNCTION why_missed(org uuid, n jsonb) RETURNS jsonb LANGUAGE plpgsql
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

CREATE OR REPLACE FUNCTION insert_connection_test(org uuid, credential uuid, t jsonb) RETURNS void LANGUAGE sql
  AS $$
    INSERT INTO connection_test (org_id, id, credential_id, outcome, reason, steps, tested_version, duration_ms, actor_name, at)
    SELECT org, (t->>'id')::uuid, credential, t->>'outcome', t->>'reason', t->'steps', (t->>'testedVersion')::int,
      (t->>'durationMs')::int, t->>'actorName', (t->>'at')::timestamptz
  $$;

-- Does one write, with the test that belongs to it. Null when it took, else why not.
CREATE OR REPLACE FUNCTION apply_write(org uuid, n jsonb, secret bytea) RETURNS jsonb LANGUAGE plpgsql
  AS $$
DECLARE
  verdict jsonb;
BEGIN
  IF NOT may_write(org, n) THEN RETURN '{"why": "stale"}'; END IF;
  CASE n->>'kind'
    WHEN 'create' THEN
      verdict := judge_new_credential(org, n);
      IF verdict IS NOT NULL THEN RETURN verdict; END IF;
      PERFORM insert_credential(org, n, secret);
    WHEN 'update' THEN
      IF NOT update_credential(org, n, secret) THEN RETURN why_missed(org, n); END IF;
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

-- What they were called before ciphertext came as bytes.
DROP FUNCTION IF EXISTS insert_credential(uuid, jsonb);
DROP FUNCTION IF EXISTS write_credentials(uuid, jsonb);
DROP FUNCTION IF EXISTS write_credential_rows(uuid, jsonb);
