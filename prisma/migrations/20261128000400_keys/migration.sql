-- Key rotation goes on after the last row that it looked at, organisation by organisation: it never walks over what it has
-- done already.
DROP INDEX credential_key;
CREATE INDEX credential_key ON credential (key_id, org_id, id) WHERE sealed IS NOT NULL;
DROP INDEX credential_rotation_key;
CREATE INDEX credential_rotation_key ON credential_rotation (key_id, org_id, id) WHERE sealed IS NOT NULL;

-- The instances that are up, and the keys that each of them holds, by their ids: a rotation must not begin before all of
-- them can read what it writes. No organisation's, and no secret.
CREATE TABLE "instance" (
    "id" UUID NOT NULL,
    "host" TEXT NOT NULL,
    "key_ids" TEXT[],
    "started_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "seen_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "instance_pkey" PRIMARY KEY ("id")
);
GRANT SELECT, INSERT, UPDATE, DELETE ON instance TO latchkey_app;

-- A running program looks whether the schema is still the one that it was made for.
DO $$
BEGIN
  -- Where migrations are only tried out, nobody keeps book of them.
  IF to_regclass('"_prisma_migrations"') IS NOT NULL THEN
    GRANT SELECT ON "_prisma_migrations" TO latchkey_app;
  END IF;
END $$;

-- The last event that says which ciphertext a credential has, however often it was fetched since.
CREATE INDEX audit_event_sealed ON audit_event (org_id, target_id, seq DESC) WHERE sealed_hash IS NOT NULL;
