-- When a person, a token or an organisation was last changed before its present state: what a caller that sends such a time has
-- read. A time that stands in no row of this was never read here. Kept for a day after the next change.
CREATE TABLE "superseded_update" (
    "org_id" UUID NOT NULL,
    "object_id" UUID NOT NULL,
    "updated_at" TIMESTAMPTZ(6) NOT NULL,
    "superseded_at" TIMESTAMPTZ(6) NOT NULL DEFAULT now(),

    CONSTRAINT "superseded_update_pkey" PRIMARY KEY ("org_id","object_id","updated_at")
);
CREATE INDEX "superseded_update_superseded_at_idx" ON "superseded_update"("superseded_at");

-- What is kept is never changed.
GRANT SELECT, INSERT, DELETE ON superseded_update TO latchkey_app;
ALTER TABLE superseded_update ENABLE ROW LEVEL SECURITY;
ALTER TABLE superseded_update FORCE ROW LEVEL SECURITY;
CREATE POLICY own_organization ON superseded_update USING (org_id = (SELECT app_org()));
CREATE POLICY housekeeping_sees ON superseded_update FOR SELECT
  USING ((SELECT app_scope()) = 'housekeeping' AND superseded_at < now() - interval '1 day');
CREATE POLICY housekeeping ON superseded_update FOR DELETE
  USING ((SELECT app_scope()) = 'housekeeping' AND superseded_at < now() - interval '1 day');

-- Kept by a trigger, so that no way of writing can forget it. In thousandths of a second, as every answer shows it.
CREATE FUNCTION keep_superseded_update() RETURNS trigger LANGUAGE plpgsql
  AS $$
DECLARE
  was jsonb := to_jsonb(OLD);
BEGIN
  INSERT INTO superseded_update (org_id, object_id, updated_at)
    VALUES (coalesce(was->>'org_id', was->>'id')::uuid, OLD.id, date_trunc('milliseconds', OLD.updated_at))
    ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$;
CREATE TRIGGER keep_superseded_update AFTER UPDATE OF updated_at ON user_account FOR EACH ROW
  WHEN (OLD.updated_at IS DISTINCT FROM NEW.updated_at) EXECUTE FUNCTION keep_superseded_update();
CREATE TRIGGER keep_superseded_update AFTER UPDATE OF updated_at ON api_token FOR EACH ROW
  WHEN (OLD.updated_at IS DISTINCT FROM NEW.updated_at) EXECUTE FUNCTION keep_superseded_update();
CREATE TRIGGER keep_superseded_update AFTER UPDATE OF updated_at ON organization FOR EACH ROW
  WHEN (OLD.updated_at IS DISTINCT FROM NEW.updated_at) EXECUTE FUNCTION keep_superseded_update();
