-- Receivers outside that organisations' audit logs are sent to, how far each has come, and where one is so far behind that no secret is
-- handed out.
-- functions: e6936f38759a8f24b362d81bf2034e358966a6f110dccdb738e0fe143e37b8f5
CREATE TABLE "audit_stream" (
    "org_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "settings" JSONB NOT NULL,
    "sealed" BYTEA NOT NULL,
    "key_id" TEXT NOT NULL,
    "sealed_version" INTEGER NOT NULL DEFAULT 1,
    "enabled" BOOLEAN NOT NULL DEFAULT true,
    "cursor_seq" BIGINT NOT NULL,
    "cursor_hash" BYTEA NOT NULL,
    "sending_to" BIGINT,
    "lease" UUID,
    "lease_until" TIMESTAMPTZ(6),
    "failures" INTEGER NOT NULL DEFAULT 0,
    "last_error" TEXT,
    "last_delivered_at" TIMESTAMPTZ(6),
    "next_attempt_at" TIMESTAMPTZ(6) NOT NULL DEFAULT now(),
    "backlog_limit" INTEGER NOT NULL DEFAULT 1000000,
    "refuse_fetches_when_full" BOOLEAN NOT NULL DEFAULT false,
    "full_since" TIMESTAMPTZ(6),
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT now(),
    "created_by" TEXT NOT NULL,
    "updated_at" TIMESTAMPTZ(6) NOT NULL DEFAULT now(),
    "modified_by" TEXT NOT NULL,

    CONSTRAINT "audit_stream_pkey" PRIMARY KEY ("org_id","id"),
    CONSTRAINT "audit_stream_counts" CHECK ("cursor_seq" >= 0 AND "failures" >= 0 AND "backlog_limit" >= 1000
      AND "version" >= 1 AND "sealed_version" >= 1),
    CONSTRAINT "audit_stream_kind_words" CHECK ("kind" IN ('webhook', 'object_store', 'syslog', 'otlp')),
    CONSTRAINT "audit_stream_lease_whole" CHECK (("lease" IS NULL) = ("lease_until" IS NULL)),
    CONSTRAINT "audit_stream_name_length" CHECK (char_length("name") BETWEEN 1 AND 100),
    CONSTRAINT "audit_stream_sending_onwards" CHECK ("sending_to" > "cursor_seq"),
    CONSTRAINT "audit_stream_org_id_fkey" FOREIGN KEY ("org_id") REFERENCES "organization"("id") ON DELETE NO ACTION
);
CREATE UNIQUE INDEX "audit_stream_org_id_name_key" ON "audit_stream"("org_id", "name");
CREATE INDEX audit_stream_key ON audit_stream (key_id, org_id, id) WHERE sealed IS NOT NULL;

GRANT SELECT, INSERT, UPDATE, DELETE ON audit_stream TO latchkey_app;
ALTER TABLE audit_stream ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit_stream FORCE ROW LEVEL SECURITY;
CREATE POLICY own_organization ON audit_stream USING (org_id = (SELECT app_org()));
CREATE POLICY platform ON audit_stream FOR SELECT USING ((SELECT app_scope()) = 'platform');

ALTER TABLE audit_head ADD COLUMN fetches_until BIGINT;

UPDATE schema_compatibility SET migration = '20261201001000_audit_streams', serves_from = '20261201000600_compatibility';
