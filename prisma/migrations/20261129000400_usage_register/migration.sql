-- What uses a credential, as the systems say that run the flows: a task of a flow, and the credential that it works with. No
-- foreign key: what is written here stays, and goes on naming its credential, when that is deleted; so it shows what is broken.
CREATE TABLE "plugin_instance" (
    "org_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "plugin" TEXT NOT NULL,
    "flow_id" UUID NOT NULL,
    "credential_id" UUID,
    "task_name" TEXT NOT NULL,
    "description" TEXT NOT NULL,
    "registered_by_id" UUID NOT NULL,
    "registered_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(6) NOT NULL,
    "updated_at" TIMESTAMPTZ(6) NOT NULL,
    "modified_by" TEXT NOT NULL,

    CONSTRAINT "plugin_instance_pkey" PRIMARY KEY ("org_id","id")
);
-- Newest first, of all and of each that a list can be narrowed to.
CREATE INDEX "plugin_instance_org_id_created_at_id_idx" ON "plugin_instance"("org_id", "created_at", "id");
CREATE INDEX "plugin_instance_org_id_plugin_created_at_id_idx" ON "plugin_instance"("org_id", "plugin", "created_at", "id");
CREATE INDEX "plugin_instance_org_id_flow_id_created_at_id_idx" ON "plugin_instance"("org_id", "flow_id", "created_at", "id");
CREATE INDEX "plugin_instance_org_id_task_name_created_at_id_idx" ON "plugin_instance"("org_id", "task_name", "created_at", "id");
CREATE INDEX "plugin_instance_org_id_credential_id_created_at_id_idx" ON "plugin_instance"("org_id", "credential_id", "created_at", "id");

GRANT SELECT, INSERT, UPDATE, DELETE ON plugin_instance TO latchkey_app;
ALTER TABLE plugin_instance ENABLE ROW LEVEL SECURITY;
ALTER TABLE plugin_instance FORCE ROW LEVEL SECURITY;
CREATE POLICY own_organization ON plugin_instance USING (org_id = (SELECT app_org()));

-- An organisation that goes takes it along, whichever way it goes.
CREATE FUNCTION forget_plugin_instances() RETURNS trigger LANGUAGE plpgsql
  AS $$
BEGIN
  DELETE FROM plugin_instance i WHERE i.org_id = NEW.id;
  RETURN NULL;
END $$;
CREATE TRIGGER organization_gone AFTER UPDATE OF deleted_at ON organization FOR EACH ROW
  WHEN (OLD.deleted_at IS NULL AND NEW.deleted_at IS NOT NULL) EXECUTE FUNCTION forget_plugin_instances();
