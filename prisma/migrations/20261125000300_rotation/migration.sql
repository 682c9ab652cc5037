-- Rotation of secrets at the system that they are for, and databases that the platform keeps for organisations.

-- CreateTable
CREATE TABLE "credential_rotation" (
    "org_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "credential_id" UUID NOT NULL,
    "provider" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "phase" TEXT NOT NULL,
    "sealed" BYTEA,
    "key_id" TEXT,
    "from_version" INTEGER NOT NULL,
    "new_public" TEXT,
    "old_public" TEXT,
    "steps" JSONB NOT NULL,
    "reason" TEXT,
    "failures" INTEGER NOT NULL DEFAULT 0,
    "lease" UUID,
    "lease_until" TIMESTAMPTZ(6),
    "retry_at" TIMESTAMPTZ(6),
    "started_by" TEXT NOT NULL,
    "started_at" TIMESTAMPTZ(6) NOT NULL,
    "ended_at" TIMESTAMPTZ(6),

    CONSTRAINT "credential_rotation_pkey" PRIMARY KEY ("org_id","id")
);

-- CreateTable
CREATE TABLE "managed_database" (
    "org_id" UUID NOT NULL,
    "credential_id" UUID NOT NULL,
    "lease" UUID,
    "lease_until" TIMESTAMPTZ(6),
    "made_at" TIMESTAMPTZ(6),

    CONSTRAINT "managed_database_pkey" PRIMARY KEY ("org_id")
);

-- CreateIndex
CREATE INDEX "credential_rotation_org_id_credential_id_started_at_idx" ON "credential_rotation"("org_id", "credential_id", "started_at" DESC);

GRANT SELECT, INSERT, UPDATE, DELETE ON credential_rotation, managed_database TO latchkey_app;
DO $$
DECLARE
  t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['credential_rotation', 'managed_database']
  LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY own_organization ON %I USING (org_id = (SELECT app_org()))', t);
  END LOOP;
END $$;
CREATE POLICY platform ON credential_rotation FOR SELECT USING ((SELECT app_scope()) = 'platform');

-- At most one rotation of a credential is under way.
CREATE UNIQUE INDEX credential_rotation_open ON credential_rotation (org_id, credential_id) WHERE ended_at IS NULL;
-- What the background goes on with, and what a key-encryption key still holds, over all organisations.
CREATE INDEX credential_rotation_due ON credential_rotation (retry_at) WHERE ended_at IS NULL AND retry_at IS NOT NULL;
CREATE INDEX credential_rotation_key ON credential_rotation (key_id) WHERE sealed IS NOT NULL;

-- The right to go on with one rotation: one holder at a time, over all instances.
CREATE FUNCTION take_rotation(org uuid, wanted uuid, holder uuid, seconds integer) RETURNS boolean LANGUAGE plpgsql
  AS $$
BEGIN
  PERFORM set_config('app.org_id', org::text, true);
  UPDATE credential_rotation r SET lease = holder, lease_until = now() + make_interval(secs => seconds)
    WHERE r.org_id = org AND r.id = wanted AND r.ended_at IS NULL
      AND (r.lease IS NULL OR r.lease = holder OR r.lease_until < now());
  RETURN FOUND;
END $$;

-- What the background may look at next. Reads over all organisations; taking the lease is each one's own.
CREATE FUNCTION rotations_due(at_most integer) RETURNS TABLE (org_id uuid, id uuid) LANGUAGE plpgsql
  AS $$
BEGIN
  PERFORM set_config('app.scope', 'platform', true);
  RETURN QUERY
    SELECT r.org_id, r.id FROM credential_rotation r
     WHERE r.ended_at IS NULL AND r.retry_at <= now() AND (r.lease IS NULL OR r.lease_until < now())
     ORDER BY r.retry_at LIMIT at_most;
  PERFORM set_config('app.scope', '', true);
END $$;

-- The right to make an organisation's database: the first who asks, or whoever comes after one that was cut off. Answers the
-- credential's id, reserved for all who try; null while somebody else is at it or when it is made and in use.
CREATE FUNCTION claim_managed_database(org uuid, fresh uuid, holder uuid, seconds integer) RETURNS uuid LANGUAGE plpgsql
  AS $$
DECLARE
  claimed uuid;
BEGIN
  PERFORM set_config('app.org_id', org::text, true);
  INSERT INTO managed_database (org_id, credential_id, lease, lease_until)
    VALUES (org, fresh, holder, now() + make_interval(secs => seconds))
    ON CONFLICT (org_id) DO UPDATE SET lease = holder, lease_until = now() + make_interval(secs => seconds), made_at = NULL,
      -- A deleted credential keeps its id for the audit trail, so what is made anew gets another.
      credential_id = CASE WHEN managed_database.made_at IS NULL THEN managed_database.credential_id ELSE fresh END
      WHERE (managed_database.lease IS NULL OR managed_database.lease_until < now())
        AND (managed_database.made_at IS NULL OR NOT EXISTS (
          SELECT 1 FROM credential c
           WHERE c.org_id = org AND c.id = managed_database.credential_id AND c.deleted_at IS NULL))
    RETURNING credential_id INTO claimed;
  RETURN claimed;
END $$;

-- What is on its way for a credential goes with it.
CREATE FUNCTION abandon_rotation() RETURNS trigger LANGUAGE plpgsql
  AS $$
BEGIN
  UPDATE credential_rotation r SET phase = 'abandoned', reason = 'credential_deleted', sealed = NULL, key_id = NULL,
      lease = NULL, lease_until = NULL, retry_at = NULL, ended_at = now()
    WHERE r.org_id = NEW.org_id AND r.credential_id = NEW.id AND r.ended_at IS NULL;
  RETURN NULL;
END $$;
CREATE TRIGGER credential_shredded AFTER UPDATE OF sealed ON credential FOR EACH ROW
  WHEN (OLD.sealed IS NOT NULL AND NEW.sealed IS NULL) EXECUTE FUNCTION abandon_rotation();

-- As before, and: while a rotation is under way, only that rotation may exchange the sealed data.
CREATE OR REPLACE FUNCTION write_credentials(org uuid, changes jsonb) RETURNS SETOF uuid LANGUAGE plpgsql
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
        modified_by = n->>'modifiedBy', version = c.version + CASE WHEN (n->>'sameVersion')::boolean THEN 0 ELSE 1 END,
        refresh_at = (n->>'refreshAt')::timestamptz,
        refresh_failures = CASE WHEN (n->>'sealedVersion')::int = c.sealed_version THEN c.refresh_failures ELSE 0 END,
        refresh_lease = CASE WHEN (n->>'sealedVersion')::int = c.sealed_version THEN c.refresh_lease END,
        refresh_lease_until = CASE WHEN (n->>'sealedVersion')::int = c.sealed_version THEN c.refresh_lease_until END,
        refresh_retry_at = CASE WHEN (n->>'sealedVersion')::int = c.sealed_version THEN c.refresh_retry_at END
      WHERE c.org_id = org AND c.id = (n->>'id')::uuid AND c.version = (n->>'expected')::int
        AND c.sealed_version = (n->>'expectedSealed')::int AND c.deleted_at IS NULL
        AND (c.name_key = n->>'nameKey' OR NOT EXISTS (
          SELECT 1 FROM credential x WHERE x.org_id = org AND x.name_key = n->>'nameKey' AND x.deleted_at IS NULL))
        AND ((n->>'sealedVersion')::int = c.sealed_version OR NOT EXISTS (
          SELECT 1 FROM credential_rotation r WHERE r.org_id = org AND r.credential_id = c.id AND r.ended_at IS NULL
             AND r.phase <> 'cleaning' AND r.id::text IS DISTINCT FROM n->>'rotation'));
    IF FOUND THEN
      RETURN NEXT (n->>'id')::uuid;
    END IF;
  END LOOP;
END $$;
