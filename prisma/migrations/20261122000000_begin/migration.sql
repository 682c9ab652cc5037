-- CreateTable
CREATE TABLE "organization" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "active" BOOLEAN NOT NULL DEFAULT true,
    "max_per_provider" INTEGER NOT NULL DEFAULT 50,
    "max_per_user" INTEGER NOT NULL DEFAULT 100,
    "require_test_before_save" BOOLEAN NOT NULL DEFAULT false,
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "organization_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "user_account" (
    "org_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "email" TEXT NOT NULL,
    "email_key" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "role" TEXT NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'active',
    "password_hash" TEXT,
    "stamp" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "modified_by" TEXT NOT NULL,
    "last_sign_in_at" TIMESTAMPTZ(6),

    CONSTRAINT "user_account_pkey" PRIMARY KEY ("org_id","id")
);

-- CreateTable
CREATE TABLE "session" (
    "org_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "stamp" INTEGER NOT NULL,
    "address" TEXT NOT NULL,
    "user_agent" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "last_seen_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "password_checked_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(6) NOT NULL,

    CONSTRAINT "session_pkey" PRIMARY KEY ("org_id","id")
);

-- CreateTable
CREATE TABLE "service_account" (
    "org_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "description" TEXT,
    "status" TEXT NOT NULL DEFAULT 'active',
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "modified_by" TEXT NOT NULL,

    CONSTRAINT "service_account_pkey" PRIMARY KEY ("org_id","id")
);

-- CreateTable
CREATE TABLE "api_token" (
    "org_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "description" TEXT,
    "digest" BYTEA NOT NULL,
    "prefix" TEXT NOT NULL,
    "last_four" TEXT NOT NULL,
    "user_id" UUID,
    "service_account_id" UUID,
    "scopes" TEXT[],
    "active" BOOLEAN NOT NULL DEFAULT true,
    "expires_at" TIMESTAMPTZ(6),
    "last_used_at" TIMESTAMPTZ(6),
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "modified_by" TEXT NOT NULL,
    "revoked_at" TIMESTAMPTZ(6),

    CONSTRAINT "api_token_pkey" PRIMARY KEY ("org_id","id")
);

-- CreateTable
CREATE TABLE "credential" (
    "org_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "external_id" TEXT,
    "owner_id" UUID,
    "provider" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "name_key" TEXT NOT NULL,
    "tags" TEXT[],
    "summary" TEXT NOT NULL,
    "search" TEXT NOT NULL,
    "config" JSONB NOT NULL,
    "secret_info" JSONB NOT NULL,
    "account_email" TEXT,
    "sealed" BYTEA,
    "key_id" TEXT,
    "version" INTEGER NOT NULL DEFAULT 1,
    "sealed_version" INTEGER NOT NULL DEFAULT 1,
    "active" BOOLEAN NOT NULL DEFAULT true,
    "needs_reauth" BOOLEAN NOT NULL DEFAULT false,
    "expires_at" TIMESTAMPTZ(6),
    "token_expires_at" TIMESTAMPTZ(6),
    "health" TEXT,
    "health_reason" TEXT,
    "health_at" TIMESTAMPTZ(6),
    "health_version" INTEGER,
    "last_used_at" TIMESTAMPTZ(6),
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "modified_by" TEXT NOT NULL,
    "deleted_at" TIMESTAMPTZ(6),

    CONSTRAINT "credential_pkey" PRIMARY KEY ("org_id","id")
);

-- CreateTable
CREATE TABLE "connection_test" (
    "org_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "credential_id" UUID NOT NULL,
    "outcome" TEXT NOT NULL,
    "reason" TEXT,
    "steps" JSONB NOT NULL,
    "tested_version" INTEGER,
    "duration_ms" INTEGER NOT NULL,
    "actor_name" TEXT NOT NULL,
    "at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "connection_test_pkey" PRIMARY KEY ("org_id","id")
);

-- CreateTable
CREATE TABLE "credential_use" (
    "org_id" UUID NOT NULL,
    "credential_id" UUID NOT NULL,
    "service_account_id" UUID NOT NULL,
    "day" DATE NOT NULL,
    "fetches" INTEGER NOT NULL,
    "last_at" TIMESTAMPTZ(6) NOT NULL,
    "last_version" INTEGER NOT NULL,

    CONSTRAINT "credential_use_pkey" PRIMARY KEY ("org_id","credential_id","service_account_id","day")
);

-- CreateTable
CREATE TABLE "usage_mark" (
    "org_id" UUID NOT NULL,
    "seq" BIGINT NOT NULL,

    CONSTRAINT "usage_mark_pkey" PRIMARY KEY ("org_id")
);

-- CreateTable
CREATE TABLE "audit_event" (
    "org_id" UUID NOT NULL,
    "seq" BIGINT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "actor_kind" TEXT NOT NULL,
    "actor_id" TEXT NOT NULL,
    "actor_name" TEXT NOT NULL,
    "action" TEXT NOT NULL,
    "outcome" TEXT NOT NULL,
    "reason" TEXT,
    "target_type" TEXT,
    "target_id" TEXT,
    "target_name" TEXT,
    "fields" TEXT[],
    "version" INTEGER,
    "key_id" TEXT,
    "sealed_hash" BYTEA,
    "request_id" TEXT NOT NULL,
    "address" TEXT NOT NULL,
    "prev_hash" BYTEA NOT NULL,
    "hash" BYTEA NOT NULL,

    CONSTRAINT "audit_event_pkey" PRIMARY KEY ("org_id","seq")
);

-- CreateTable
CREATE TABLE "audit_head" (
    "org_id" UUID NOT NULL,
    "seq" BIGINT NOT NULL,
    "hash" BYTEA NOT NULL,

    CONSTRAINT "audit_head_pkey" PRIMARY KEY ("org_id")
);

-- CreateTable
CREATE TABLE "idempotency_key" (
    "org_id" UUID NOT NULL,
    "id" BYTEA NOT NULL,
    "fingerprint" BYTEA NOT NULL,
    "resource_id" UUID NOT NULL,
    "status" INTEGER,
    "body" JSONB,
    "locked_until" TIMESTAMPTZ(6) NOT NULL,
    "expires_at" TIMESTAMPTZ(6) NOT NULL,

    CONSTRAINT "idempotency_key_pkey" PRIMARY KEY ("org_id","id")
);

-- CreateTable
CREATE TABLE "root_secret" (
    "id" INTEGER NOT NULL,
    "sealed" BYTEA NOT NULL,
    "key_id" TEXT NOT NULL,
    "updated_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "root_secret_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "setup_token" (
    "id" INTEGER NOT NULL,
    "digest" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "used_at" TIMESTAMPTZ(6),

    CONSTRAINT "setup_token_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "rate_limit" (
    "key" TEXT NOT NULL,
    "points" INTEGER NOT NULL DEFAULT 0,
    "expire" BIGINT,

    CONSTRAINT "rate_limit_pkey" PRIMARY KEY ("key")
);

-- CreateIndex
CREATE UNIQUE INDEX "organization_name_key" ON "organization"("name");

-- CreateIndex
CREATE INDEX "user_account_email_key_idx" ON "user_account"("email_key");

-- CreateIndex
CREATE UNIQUE INDEX "user_account_org_id_email_key_key" ON "user_account"("org_id", "email_key");

-- CreateIndex
CREATE INDEX "session_org_id_user_id_idx" ON "session"("org_id", "user_id");

-- CreateIndex
CREATE INDEX "session_expires_at_idx" ON "session"("expires_at");

-- CreateIndex
CREATE INDEX "service_account_org_id_created_at_id_idx" ON "service_account"("org_id", "created_at", "id");

-- CreateIndex
CREATE UNIQUE INDEX "service_account_org_id_name_key" ON "service_account"("org_id", "name");

-- CreateIndex
CREATE UNIQUE INDEX "api_token_digest_key" ON "api_token"("digest");

-- CreateIndex
CREATE INDEX "api_token_org_id_service_account_id_idx" ON "api_token"("org_id", "service_account_id");

-- CreateIndex
CREATE INDEX "api_token_org_id_user_id_idx" ON "api_token"("org_id", "user_id");

-- CreateIndex
CREATE INDEX "api_token_org_id_created_at_id_idx" ON "api_token"("org_id", "created_at", "id");

-- CreateIndex
CREATE UNIQUE INDEX "credential_org_id_external_id_key" ON "credential"("org_id", "external_id");

-- CreateIndex
CREATE INDEX "connection_test_org_id_credential_id_at_idx" ON "connection_test"("org_id", "credential_id", "at" DESC);

-- CreateIndex
CREATE INDEX "audit_event_org_id_target_id_seq_idx" ON "audit_event"("org_id", "target_id", "seq" DESC);

-- CreateIndex
CREATE INDEX "audit_event_org_id_action_seq_idx" ON "audit_event"("org_id", "action", "seq" DESC);

-- CreateIndex
CREATE INDEX "audit_event_org_id_actor_id_seq_idx" ON "audit_event"("org_id", "actor_id", "seq" DESC);

-- CreateIndex
CREATE INDEX "audit_event_org_id_at_idx" ON "audit_event"("org_id", "at" DESC);

-- CreateIndex
CREATE INDEX "idempotency_key_expires_at_idx" ON "idempotency_key"("expires_at");
