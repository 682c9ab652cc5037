-- Kinds of credentials that an organisation has made itself, and who wrote which version of them. An organisation that goes takes them along.
-- functions: 6106363426e7a27601a76c2be16993503659acf48b3e5dc2bbb655cc7e0f2953
CREATE TABLE "provider_definition" (
    "org_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "text" TEXT NOT NULL,
    "listing" JSONB NOT NULL,
    "imports" TEXT[],
    "created_at" TIMESTAMPTZ(6) NOT NULL,
    "created_by" TEXT NOT NULL,
    "updated_at" TIMESTAMPTZ(6) NOT NULL,
    "modified_by" TEXT NOT NULL,

    CONSTRAINT "provider_definition_pkey" PRIMARY KEY ("org_id","id"),
    CONSTRAINT "provider_definition_kind_reserved" CHECK ("kind" ~ '^own_[a-z0-9_]{1,56}$'),
    CONSTRAINT "provider_definition_text_length" CHECK (char_length("text") BETWEEN 1 AND 16384),
    CONSTRAINT "provider_definition_version_counts" CHECK ("version" >= 1),
    CONSTRAINT "provider_definition_org_id_fkey" FOREIGN KEY ("org_id") REFERENCES "organization"("id") ON DELETE NO ACTION
);
CREATE UNIQUE INDEX "provider_definition_org_id_kind_key" ON "provider_definition"("org_id", "kind");

CREATE TABLE "provider_definition_version" (
    "org_id" UUID NOT NULL,
    "definition_id" UUID NOT NULL,
    "version" INTEGER NOT NULL,
    "text" TEXT NOT NULL,
    "made_at" TIMESTAMPTZ(6) NOT NULL,
    "made_by" TEXT NOT NULL,

    CONSTRAINT "provider_definition_version_pkey" PRIMARY KEY ("org_id","definition_id","version"),
    CONSTRAINT "provider_definition_version_counts_up" CHECK ("version" >= 1),
    CONSTRAINT "provider_definition_version_org_id_definition_id_fkey" FOREIGN KEY ("org_id", "definition_id")
      REFERENCES "provider_definition"("org_id", "id") ON DELETE CASCADE ON UPDATE NO ACTION
);

GRANT SELECT, INSERT, UPDATE, DELETE ON provider_definition, provider_definition_version TO latchkey_app;
ALTER TABLE provider_definition ENABLE ROW LEVEL SECURITY;
ALTER TABLE provider_definition FORCE ROW LEVEL SECURITY;
CREATE POLICY own_organization ON provider_definition USING (org_id = (SELECT app_org()));
ALTER TABLE provider_definition_version ENABLE ROW LEVEL SECURITY;
ALTER TABLE provider_definition_version FORCE ROW LEVEL SECURITY;
CREATE POLICY own_organization ON provider_definition_version USING (org_id = (SELECT app_org()));
