-- People have first and last names, tokens may have several secrets at once, links invite and reset, and an organisation
-- can be deleted.

-- AlterTable
ALTER TABLE "organization" ADD COLUMN "deleted_at" TIMESTAMPTZ(6);

-- AlterTable
ALTER TABLE "user_account" ADD COLUMN "first_name" TEXT NOT NULL DEFAULT '',
ADD COLUMN "last_name" TEXT NOT NULL DEFAULT '',
ADD COLUMN "version" INTEGER NOT NULL DEFAULT 1;

-- AlterTable
ALTER TABLE "api_token" ADD COLUMN "graph_guids" UUID[],
ADD COLUMN "version" INTEGER NOT NULL DEFAULT 1;

-- CreateTable
CREATE TABLE "token_secret" (
    "org_id" UUID NOT NULL,
    "digest" BYTEA NOT NULL,
    "token_id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "prefix" TEXT NOT NULL,
    "last_four" TEXT NOT NULL,
    "chosen" BOOLEAN NOT NULL DEFAULT false,
    "weak" BOOLEAN NOT NULL DEFAULT false,
    "expires_at" TIMESTAMPTZ(6),
    "last_used_at" TIMESTAMPTZ(6),
    "made_at" TIMESTAMPTZ(6) NOT NULL,

    CONSTRAINT "token_secret_pkey" PRIMARY KEY ("org_id","digest")
);

-- CreateTable
CREATE TABLE "person_link" (
    "org_id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "digest" BYTEA NOT NULL,
    "kind" TEXT NOT NULL,
    "made_by" TEXT NOT NULL,
    "made_at" TIMESTAMPTZ(6) NOT NULL,
    "expires_at" TIMESTAMPTZ(6) NOT NULL,

    CONSTRAINT "person_link_pkey" PRIMARY KEY ("org_id","user_id")
);

-- Forced row-level security holds for the owner, who runs this, as well: without these lines it would see no rows to move.
ALTER TABLE organization NO FORCE ROW LEVEL SECURITY;
ALTER TABLE user_account NO FORCE ROW LEVEL SECURITY;
ALTER TABLE api_token NO FORCE ROW LEVEL SECURITY;

-- A name in one piece cannot be taken apart with certainty; it stays whole.
UPDATE user_account SET first_name = name;

-- Lists go on from a row by its time, and the application's clock has milliseconds.
UPDATE organization SET created_at = date_trunc('milliseconds', created_at);
UPDATE user_account SET created_at = date_trunc('milliseconds', created_at);
UPDATE api_token SET created_at = date_trunc('milliseconds', created_at);

INSERT INTO token_secret (org_id, digest, token_id, kind, prefix, last_four, last_used_at, made_at)
  SELECT org_id, digest, id, 'current', prefix, last_four, last_used_at, created_at FROM api_token;

ALTER TABLE organization FORCE ROW LEVEL SECURITY;
ALTER TABLE user_account FORCE ROW LEVEL SECURITY;
ALTER TABLE api_token FORCE ROW LEVEL SECURITY;

-- DropIndex
DROP INDEX "api_token_digest_key";

-- AlterTable
ALTER TABLE "api_token" DROP COLUMN "digest",
DROP COLUMN "last_four",
DROP COLUMN "prefix";

-- CreateIndex
CREATE UNIQUE INDEX "token_secret_digest_key" ON "token_secret"("digest");

-- CreateIndex
CREATE INDEX "token_secret_org_id_token_id_idx" ON "token_secret"("org_id", "token_id");

-- CreateIndex
CREATE UNIQUE INDEX "person_link_digest_key" ON "person_link"("digest");

-- CreateIndex
CREATE INDEX "user_account_org_id_created_at_id_idx" ON "user_account"("org_id", "created_at", "id");

-- CreateIndex
CREATE INDEX "user_account_org_id_name_id_idx" ON "user_account"("org_id", "name", "id");

-- CreateIndex
CREATE INDEX "api_token_org_id_name_id_idx" ON "api_token"("org_id", "name", "id");

-- CreateIndex
CREATE INDEX "organization_created_at_id_idx" ON "organization"("created_at", "id");

-- A token has one current secret, whatever races.
CREATE UNIQUE INDEX token_secret_current ON token_secret (org_id, token_id) WHERE kind = 'current';

GRANT SELECT, INSERT, UPDATE, DELETE ON token_secret, person_link TO latchkey_app;

DO $$
DECLARE
  t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['token_secret', 'person_link']
  LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY own_organization ON %I USING (org_id = (SELECT app_org()))', t);
    EXECUTE format('CREATE POLICY authentication ON %I FOR SELECT USING ((SELECT app_scope()) = ''authentication'')', t);
  END LOOP;
END $$;

-- Who sends a token: the secret, its token, owner and organisation in one statement.
DROP FUNCTION caller_of_token(bytea);
CREATE FUNCTION caller_of_token(wanted bytea) RETURNS TABLE (
  org_id uuid, org_active boolean, token_id uuid, token_name text, token_active boolean, scopes text[],
  expires_at timestamptz, revoked_at timestamptz,
  superseded boolean, weak boolean, secret_expires_at timestamptz, secret_last_used_at timestamptz,
  user_id uuid, user_name text, user_email text, user_role text, user_status text,
  service_account_id uuid, service_account_name text, service_account_status text
) LANGUAGE plpgsql
  AS $$
BEGIN
  PERFORM set_config('app.scope', 'authentication', true);
  RETURN QUERY
    SELECT t.org_id, o.active, t.id, t.name, t.active, t.scopes, t.expires_at, t.revoked_at,
           k.kind = 'superseded', k.weak, k.expires_at, k.last_used_at,
           u.id, u.name, u.email, u.role, u.status, s.id, s.name, s.status
      FROM token_secret k
      JOIN api_token t ON t.org_id = k.org_id AND t.id = k.token_id
      JOIN organization o ON o.id = t.org_id
      LEFT JOIN user_account u ON u.org_id = t.org_id AND u.id = t.user_id
      LEFT JOIN service_account s ON s.org_id = t.org_id AND s.id = t.service_account_id
     WHERE k.digest = wanted;
  -- Within a longer transaction the widened reading must end here.
  PERFORM set_config('app.scope', '', true);
END $$;

-- Is there another active administrator of the platform than this person (or, with null, than anybody of this
-- organisation)? The lock lasts to the end of the transaction: two administrators cannot remove each other.
CREATE FUNCTION another_platform_administrator(but_org uuid, but_user uuid) RETURNS boolean LANGUAGE plpgsql
  AS $$
DECLARE
  found boolean;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('latchkey platform administrators'));
  PERFORM set_config('app.scope', 'authentication', true);
  found := EXISTS (
    SELECT 1 FROM user_account u JOIN organization o ON o.id = u.org_id
     WHERE u.role = 'backoffice' AND u.status = 'active' AND o.active
       AND (u.org_id <> but_org OR (but_user IS NOT NULL AND u.id <> but_user)));
  PERFORM set_config('app.scope', '', true);
  RETURN found;
END $$;

CREATE INDEX user_account_backoffice ON user_account (org_id, id) WHERE role = 'backoffice';

-- The end of an organisation: every secret goes, the rows that the audit log speaks of stay where a reader needs them.
-- The caller's transaction holds the organisation's lock, and writes the event.
CREATE FUNCTION shred_organization(org uuid, at timestamptz, who text) RETURNS void LANGUAGE plpgsql
  AS $$
BEGIN
  UPDATE credential SET sealed = NULL, key_id = NULL, config = '{}', secret_info = '{}', account_email = NULL, summary = '',
      search = '', external_id = NULL, owner_id = NULL, active = false, deleted_at = coalesce(deleted_at, at), updated_at = at,
      modified_by = who, version = version + 1
    WHERE org_id = org;
  DELETE FROM token_secret WHERE org_id = org;
  DELETE FROM api_token WHERE org_id = org;
  DELETE FROM service_account WHERE org_id = org;
  DELETE FROM person_link WHERE org_id = org;
  DELETE FROM session WHERE org_id = org;
  DELETE FROM user_account WHERE org_id = org;
  DELETE FROM idempotency_key WHERE org_id = org;
  DELETE FROM connection_test WHERE org_id = org;
  DELETE FROM credential_use WHERE org_id = org;
  -- The name is free again; the audit log knows it.
  UPDATE organization SET name = 'deleted ' || org::text, active = false, deleted_at = at, updated_at = at,
      version = version + 1
    WHERE id = org;
END $$;
