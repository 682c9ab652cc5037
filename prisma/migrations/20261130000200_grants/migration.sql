-- Who may do what with which credential: grants to people, groups and programs, what tokens are narrowed to, and requests for access.
-- functions: cac1ae07f9350ecd181d7cdc79f9abcea1e8fb12dadcbda27f9b0269e23853c8
CREATE TABLE "access_group" (
    "org_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "description" TEXT,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT now(),
    "updated_at" TIMESTAMPTZ(6) NOT NULL DEFAULT now(),
    "modified_by" TEXT NOT NULL,

    CONSTRAINT "access_group_pkey" PRIMARY KEY ("org_id","id"),
    CONSTRAINT "access_group_org_id_fkey" FOREIGN KEY ("org_id") REFERENCES "organization"("id") ON DELETE NO ACTION
);
CREATE UNIQUE INDEX "access_group_org_id_name_key" ON "access_group"("org_id", "name");

CREATE TABLE "access_group_member" (
    "org_id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "group_id" UUID NOT NULL,
    "added_at" TIMESTAMPTZ(6) NOT NULL DEFAULT now(),
    "added_by" TEXT NOT NULL,

    CONSTRAINT "access_group_member_pkey" PRIMARY KEY ("org_id","user_id","group_id"),
    CONSTRAINT "access_group_member_org_id_group_id_fkey" FOREIGN KEY ("org_id", "group_id")
      REFERENCES "access_group"("org_id", "id") ON DELETE CASCADE ON UPDATE NO ACTION,
    CONSTRAINT "access_group_member_org_id_user_id_fkey" FOREIGN KEY ("org_id", "user_id")
      REFERENCES "user_account"("org_id", "id") ON DELETE CASCADE ON UPDATE NO ACTION
);
CREATE INDEX "access_group_member_org_id_group_id_idx" ON "access_group_member"("org_id", "group_id");

CREATE TABLE "access_grant" (
    "org_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "subject_kind" TEXT NOT NULL,
    "subject_id" UUID NOT NULL,
    "reach" TEXT NOT NULL,
    "reach_key" TEXT NOT NULL,
    "credential_id" UUID,
    "right" TEXT NOT NULL,
    "expires_at" TIMESTAMPTZ(6),
    "reason" TEXT,
    "from_before" BOOLEAN NOT NULL DEFAULT false,
    "granted_by_id" TEXT NOT NULL,
    "granted_by" TEXT NOT NULL,
    "granted_at" TIMESTAMPTZ(6) NOT NULL DEFAULT now(),

    CONSTRAINT "access_grant_pkey" PRIMARY KEY ("org_id","id"),
    CONSTRAINT "access_grant_subject_kind_words" CHECK ("subject_kind" IN ('user', 'group', 'service_account')),
    CONSTRAINT "access_grant_reach_words" CHECK ("reach" IN ('credential', 'tag', 'kind', 'all')),
    CONSTRAINT "access_grant_right_words" CHECK ("right" IN ('see', 'use', 'edit', 'manage')),
    CONSTRAINT "access_grant_key_of_reach" CHECK (CASE "reach" WHEN 'credential' THEN "credential_id" IS NOT NULL AND "reach_key" = "credential_id"::text
      ELSE "credential_id" IS NULL AND ("reach" = 'all') = ("reach_key" = '') END),
    CONSTRAINT "access_grant_org_id_fkey" FOREIGN KEY ("org_id") REFERENCES "organization"("id") ON DELETE NO ACTION,
    CONSTRAINT "access_grant_org_id_credential_id_fkey" FOREIGN KEY ("org_id", "credential_id")
      REFERENCES "credential"("org_id", "id") ON DELETE CASCADE ON UPDATE NO ACTION
);
CREATE UNIQUE INDEX "access_grant_given_once" ON "access_grant"("org_id", "subject_id", "reach", "reach_key", "right");
CREATE INDEX access_grant_wide ON access_grant (org_id, subject_id) WHERE reach <> 'credential';
CREATE INDEX access_grant_over ON access_grant (org_id, reach, reach_key) WHERE reach <> 'credential';
CREATE INDEX access_grant_credential ON access_grant (org_id, credential_id, subject_id) WHERE credential_id IS NOT NULL;
CREATE INDEX access_grant_given ON access_grant (org_id, granted_at DESC, id DESC);

CREATE TABLE "access_request" (
    "org_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "credential_id" UUID NOT NULL,
    "right" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'open',
    "asked_at" TIMESTAMPTZ(6) NOT NULL DEFAULT now(),
    "answered_at" TIMESTAMPTZ(6),
    "answered_by" TEXT,
    "answer" TEXT,

    CONSTRAINT "access_request_pkey" PRIMARY KEY ("org_id","id"),
    CONSTRAINT "access_request_right_words" CHECK ("right" IN ('see', 'use', 'edit', 'manage')),
    CONSTRAINT "access_request_state_words" CHECK ("state" IN ('open', 'granted', 'declined', 'withdrawn')),
    CONSTRAINT "access_request_answered" CHECK (("state" = 'open') = ("answered_at" IS NULL)),
    CONSTRAINT "access_request_org_id_user_id_fkey" FOREIGN KEY ("org_id", "user_id")
      REFERENCES "user_account"("org_id", "id") ON DELETE CASCADE ON UPDATE NO ACTION,
    CONSTRAINT "access_request_org_id_credential_id_fkey" FOREIGN KEY ("org_id", "credential_id")
      REFERENCES "credential"("org_id", "id") ON DELETE CASCADE ON UPDATE NO ACTION
);
CREATE UNIQUE INDEX access_request_open ON access_request (org_id, user_id, credential_id, "right") WHERE state = 'open';
CREATE INDEX access_request_asked ON access_request (org_id, state, asked_at DESC, id DESC);
CREATE INDEX access_request_user ON access_request (org_id, user_id, asked_at DESC);

-- The tags of live credentials, one row each.
CREATE TABLE "credential_tag" (
    "org_id" UUID NOT NULL,
    "tag" TEXT NOT NULL,
    "credential_id" UUID NOT NULL,

    CONSTRAINT "credential_tag_pkey" PRIMARY KEY ("org_id","tag","credential_id"),
    CONSTRAINT "credential_tag_org_id_credential_id_fkey" FOREIGN KEY ("org_id", "credential_id")
      REFERENCES "credential"("org_id", "id") ON DELETE CASCADE ON UPDATE NO ACTION
);
CREATE INDEX "credential_tag_org_id_credential_id_idx" ON "credential_tag"("org_id", "credential_id");

-- What a token is narrowed to, within what its owner may do; null narrows nothing.
ALTER TABLE api_token ADD COLUMN limits JSONB,
  ADD CONSTRAINT api_token_limits_shape CHECK (jsonb_typeof(limits) = 'object') NOT VALID;

GRANT SELECT, INSERT, UPDATE, DELETE ON access_group, access_group_member, access_grant, access_request, credential_tag TO latchkey_app;
DO $$
DECLARE
  t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['access_group', 'access_group_member', 'access_grant', 'access_request', 'credential_tag'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY own_organization ON %I USING (org_id = (SELECT app_org()))', t);
  END LOOP;
END $$;

-- Forced row-level security holds for the owner, who runs this, as well.
ALTER TABLE service_account NO FORCE ROW LEVEL SECURITY;
ALTER TABLE access_grant NO FORCE ROW LEVEL SECURITY;
ALTER TABLE organization NO FORCE ROW LEVEL SECURITY;
ALTER TABLE api_token NO FORCE ROW LEVEL SECURITY;
-- Programs could do everything with every credential, and tokens whatever their owners could: that goes on, and is shown as what it is.
INSERT INTO access_grant (org_id, id, subject_kind, subject_id, reach, reach_key, "right", from_before, granted_by_id, granted_by)
  SELECT s.org_id, gen_random_uuid(), 'service_account', s.id, 'all', '', r, true, 'system', 'Latchkey'
    FROM service_account s JOIN organization o ON o.id = s.org_id, unnest(ARRAY['use', 'manage']) AS r;
ALTER TABLE api_token ADD COLUMN unlimited_from_before BOOLEAN NOT NULL DEFAULT false;
UPDATE api_token SET unlimited_from_before = true WHERE revoked_at IS NULL;
-- Since when it is kept which token fetched what (token_use, below): a day from now, since instances of the earlier version may still run.
-- Organisations to come have it from their beginning.
ALTER TABLE usage_mark NO FORCE ROW LEVEL SECURITY;
ALTER TABLE usage_mark ADD COLUMN tokens_since TIMESTAMPTZ(6) NOT NULL DEFAULT 'epoch';
INSERT INTO usage_mark (org_id, seq) SELECT o.id, 0 FROM organization o ON CONFLICT DO NOTHING;
UPDATE usage_mark SET tokens_since = now() + interval '1 day';
ALTER TABLE usage_mark FORCE ROW LEVEL SECURITY;
ALTER TABLE service_account FORCE ROW LEVEL SECURITY;
ALTER TABLE access_grant FORCE ROW LEVEL SECURITY;
ALTER TABLE organization FORCE ROW LEVEL SECURITY;
ALTER TABLE api_token FORCE ROW LEVEL SECURITY;

-- What a program made use of.
CREATE INDEX credential_use_account ON credential_use (org_id, service_account_id, day);

-- What each token fetched, and when last. Of what was fetched before this is kept, whose token it was is all that is known.
CREATE TABLE "token_use" (
    "org_id" UUID NOT NULL,
    "token_id" UUID NOT NULL,
    "credential_id" UUID NOT NULL,
    "last_at" TIMESTAMPTZ(6) NOT NULL,

    CONSTRAINT "token_use_pkey" PRIMARY KEY ("org_id","token_id","credential_id")
);
GRANT SELECT, INSERT, UPDATE, DELETE ON token_use TO latchkey_app;
ALTER TABLE token_use ENABLE ROW LEVEL SECURITY;
ALTER TABLE token_use FORCE ROW LEVEL SECURITY;

-- With which token it was done: what else that token read can be asked when it was lost.
ALTER TABLE audit_event ADD COLUMN token_id UUID;
