-- What is still to be ended at a provider after a credential was deleted: recorded in the deletion's own statement, so that no
-- crash forgets it. It holds the sealed data for as long as that takes, a day at most.
CREATE TABLE "provider_revocation" (
    "org_id" UUID NOT NULL,
    "credential_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "provider" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "account_email" TEXT,
    "sealed" BYTEA NOT NULL,
    "key_id" TEXT NOT NULL,
    "sealed_version" INTEGER NOT NULL,
    "asked_by" TEXT NOT NULL,
    "failures" INTEGER NOT NULL DEFAULT 0,
    "lease" UUID,
    "lease_until" TIMESTAMPTZ(6),
    "retry_at" TIMESTAMPTZ(6) NOT NULL,
    "until" TIMESTAMPTZ(6) NOT NULL,

    CONSTRAINT "provider_revocation_pkey" PRIMARY KEY ("org_id","credential_id")
);
CREATE INDEX "provider_revocation_retry_at_idx" ON "provider_revocation"("retry_at");

GRANT SELECT, INSERT, UPDATE, DELETE ON provider_revocation TO latchkey_app;
ALTER TABLE provider_revocation ENABLE ROW LEVEL SECURITY;
ALTER TABLE provider_revocation FORCE ROW LEVEL SECURITY;
CREATE POLICY own_organization ON provider_revocation USING (org_id = (SELECT app_org()));
CREATE POLICY platform ON provider_revocation FOR SELECT USING ((SELECT app_scope()) = 'platform');

-- As before, and a deletion takes along what is to be ended at the provider.
CREATE OR REPLACE FUNCTION apply_write(org uuid, n jsonb) RETURNS jsonb LANGUAGE plpgsql
  AS $$
DECLARE
  verdict jsonb;
  r jsonb := n->'revocation';
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
      IF r IS NOT NULL THEN
        INSERT INTO provider_revocation (org_id, credential_id, name, provider, type, account_email, sealed, key_id,
          sealed_version, asked_by, retry_at, until)
        VALUES (org, (n->>'id')::uuid, r->>'name', r->>'provider', r->>'type', r->>'accountEmail',
          decode(r->>'sealed', 'base64'), r->>'keyId', (r->>'sealedVersion')::int, n->>'modifiedBy', now(),
          now() + interval '1 day');
      END IF;
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

-- The right to ask the provider: one holder at a time, over all instances.
CREATE FUNCTION take_revocation(org uuid, wanted uuid, holder uuid, seconds integer) RETURNS SETOF provider_revocation LANGUAGE plpgsql
  AS $$
BEGIN
  PERFORM set_config('app.org_id', org::text, true);
  RETURN QUERY
    UPDATE provider_revocation r SET lease = holder, lease_until = now() + make_interval(secs => seconds)
      WHERE r.org_id = org AND r.credential_id = wanted AND (r.lease IS NULL OR r.lease_until < now())
      RETURNING r.*;
END $$;

-- What is due, over all organisations.
CREATE FUNCTION revocations_due(at_most integer) RETURNS TABLE (org_id uuid, id uuid) LANGUAGE plpgsql
  AS $$
BEGIN
  PERFORM set_config('app.scope', 'platform', true);
  RETURN QUERY
    SELECT r.org_id, r.credential_id FROM provider_revocation r
     WHERE r.retry_at <= now() AND (r.lease IS NULL OR r.lease_until < now()) ORDER BY r.retry_at LIMIT at_most;
  PERFORM set_config('app.scope', '', true);
END $$;

CREATE OR REPLACE FUNCTION shred_organization(org uuid, at timestamptz, who text) RETURNS void LANGUAGE plpgsql
  AS $$
BEGIN
  PERFORM set_config('app.uncounted', org::text, true);
  PERFORM shred_organization_rows(org, at, who);
  DELETE FROM credential_count WHERE org_id = org;
  DELETE FROM provider_revocation WHERE org_id = org;
END $$;
