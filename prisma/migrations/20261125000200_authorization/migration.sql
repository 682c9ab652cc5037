-- Signing in at a provider, and renewing what came of it.

-- AlterTable
ALTER TABLE "credential" ADD COLUMN     "refresh_at" TIMESTAMPTZ(6),
ADD COLUMN     "refresh_failures" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "refresh_lease" UUID,
ADD COLUMN     "refresh_lease_until" TIMESTAMPTZ(6),
ADD COLUMN     "refresh_retry_at" TIMESTAMPTZ(6);

-- CreateTable
CREATE TABLE "authorization_flow" (
    "org_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "state_digest" BYTEA NOT NULL,
    "browser_digest" BYTEA NOT NULL,
    "user_id" UUID NOT NULL,
    "provider" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "credential_id" UUID,
    "name" TEXT,
    "tags" TEXT[],
    "scope" TEXT NOT NULL,
    "redirect_uri" TEXT NOT NULL,
    "return_to" TEXT,
    "created_at" TIMESTAMPTZ(6) NOT NULL,
    "expires_at" TIMESTAMPTZ(6) NOT NULL,

    CONSTRAINT "authorization_flow_pkey" PRIMARY KEY ("org_id","id")
);

-- CreateIndex
CREATE UNIQUE INDEX "authorization_flow_state_digest_key" ON "authorization_flow"("state_digest");

-- CreateIndex
CREATE INDEX "authorization_flow_expires_at_idx" ON "authorization_flow"("expires_at");

GRANT SELECT, INSERT, UPDATE, DELETE ON authorization_flow TO latchkey_app;
ALTER TABLE authorization_flow ENABLE ROW LEVEL SECURITY;
ALTER TABLE authorization_flow FORCE ROW LEVEL SECURITY;
CREATE POLICY own_organization ON authorization_flow USING (org_id = (SELECT app_org()));
CREATE POLICY authentication ON authorization_flow FOR SELECT USING ((SELECT app_scope()) = 'authentication');

-- What is due for renewal, over all organisations.
CREATE INDEX credential_refresh ON credential (refresh_at)
  WHERE refresh_at IS NOT NULL AND deleted_at IS NULL AND active AND NOT needs_reauth;

-- The one flow of this state, which is gone afterwards: a state is good once.
CREATE FUNCTION take_authorization(wanted bytea) RETURNS SETOF authorization_flow LANGUAGE plpgsql
  AS $$
DECLARE
  org uuid;
BEGIN
  PERFORM set_config('app.scope', 'authentication', true);
  SELECT f.org_id INTO org FROM authorization_flow f WHERE f.state_digest = wanted;
  PERFORM set_config('app.scope', '', true);
  IF org IS NULL THEN
    RETURN;
  END IF;
  PERFORM set_config('app.org_id', org::text, true);
  RETURN QUERY DELETE FROM authorization_flow f WHERE f.org_id = org AND f.state_digest = wanted RETURNING f.*;
END $$;

-- The right to renew one credential, for as long as a provider may take to answer. One holder at a time, over all
-- instances, and none while a failure is being waited out or once the data has moved on.
CREATE FUNCTION take_refresh_lease(org uuid, wanted uuid, of_version integer, holder uuid, seconds integer)
  RETURNS TABLE (taken boolean, retry_at timestamptz) LANGUAGE plpgsql
  AS $$
BEGIN
  PERFORM set_config('app.org_id', org::text, true);
  UPDATE credential c SET refresh_lease = holder, refresh_lease_until = now() + make_interval(secs => seconds)
    WHERE c.org_id = org AND c.id = wanted AND c.sealed_version = of_version AND c.deleted_at IS NULL
      AND (c.refresh_lease_until IS NULL OR c.refresh_lease_until < now())
      AND (c.refresh_retry_at IS NULL OR c.refresh_retry_at <= now());
  IF FOUND THEN
    RETURN QUERY SELECT true, NULL::timestamptz;
  ELSE
    RETURN QUERY SELECT false, c.refresh_retry_at FROM credential c WHERE c.org_id = org AND c.id = wanted;
  END IF;
END $$;

-- Gives the right back after a failure; nobody tries before `retry`. Answers how often in a row it has failed.
CREATE FUNCTION fail_refresh(org uuid, wanted uuid, holder uuid, first_wait integer, longest_wait integer)
  RETURNS timestamptz LANGUAGE plpgsql
  AS $$
DECLARE
  retry timestamptz;
BEGIN
  PERFORM set_config('app.org_id', org::text, true);
  UPDATE credential c SET refresh_lease = NULL, refresh_lease_until = NULL, refresh_failures = c.refresh_failures + 1,
      -- Doubling, and spread by a quarter, so that many credentials of one provider do not come back together.
      refresh_retry_at = now() + make_interval(secs =>
        least(longest_wait, first_wait * 2 ^ least(c.refresh_failures, 20)) * (0.875 + random() * 0.25))
    WHERE c.org_id = org AND c.id = wanted AND c.refresh_lease = holder
    RETURNING c.refresh_retry_at INTO retry;
  RETURN retry;
END $$;

-- What a background job may look at next. Reads over all organisations; taking the lease is each one's own.
CREATE FUNCTION refreshes_due(at_most integer) RETURNS TABLE (org_id uuid, id uuid) LANGUAGE plpgsql
  AS $$
BEGIN
  PERFORM set_config('app.scope', 'platform', true);
  RETURN QUERY
    SELECT c.org_id, c.id FROM credential c
     WHERE c.refresh_at <= now() AND c.deleted_at IS NULL AND c.active AND NOT c.needs_reauth
       AND (c.refresh_lease_until IS NULL OR c.refresh_lease_until < now())
       AND (c.refresh_retry_at IS NULL OR c.refresh_retry_at <= now())
     ORDER BY c.refresh_at LIMIT at_most;
  PERFORM set_config('app.scope', '', true);
END $$;

-- As before, and: the sealed data must be those that the change was made from, because a renewal replaces them without
-- raising the version that people compare; and new sealed data end a lease on the old.
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
          SELECT 1 FROM credential x WHERE x.org_id = org AND x.name_key = n->>'nameKey' AND x.deleted_at IS NULL));
    IF FOUND THEN
      RETURN NEXT (n->>'id')::uuid;
    END IF;
  END LOOP;
END $$;
