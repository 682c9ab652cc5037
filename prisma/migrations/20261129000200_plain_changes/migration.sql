-- Old and new of the plain values that a version of a credential changed. The audit log names fields and holds no value; this
-- lies beside it, is in no chain, and goes with the credential.
CREATE TABLE "credential_change" (
    "org_id" UUID NOT NULL,
    "credential_id" UUID NOT NULL,
    "version" INTEGER NOT NULL,
    "changes" JSONB NOT NULL,

    CONSTRAINT "credential_change_pkey" PRIMARY KEY ("org_id","credential_id","version")
);
ALTER TABLE "credential_change" ADD CONSTRAINT "credential_change_org_id_credential_id_fkey"
  FOREIGN KEY ("org_id", "credential_id") REFERENCES "credential"("org_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What is kept is never changed.
GRANT SELECT, INSERT, DELETE ON credential_change TO latchkey_app;
ALTER TABLE credential_change ENABLE ROW LEVEL SECURITY;
ALTER TABLE credential_change FORCE ROW LEVEL SECURITY;
CREATE POLICY own_organization ON credential_change USING (org_id = (SELECT app_org()));

-- By the names that the audit log has for them. `config` holds public fields and public facts alone: of a kind that nobody
-- knows every field is a secret, so that it is empty.
CREATE FUNCTION plain_values(c credential) RETURNS jsonb LANGUAGE plpgsql STABLE
  AS $$
DECLARE
  plain jsonb := jsonb_build_object('name', c.name, 'tags', c.tags, 'active', c.active, 'type', c.type,
    'expires_at', to_char(c.expires_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'));
BEGIN
  RETURN plain || coalesce((SELECT jsonb_object_agg('credentials.' || key, value) FROM jsonb_each(c.config)), '{}');
END $$;

-- A secret that somebody put where a plain value belongs goes when the mistake is mended; this must not keep it. So what has
-- the form of one is left out, old and new, and the event names the field all the same: an address with a user or password in
-- it (unless it is hidden by dots), a string of settings with a password, a private key, a token of a known form, and whatever
-- is longer than people read. The application leaves out what it alone can tell: see lib/credentials/withheld.ts.
CREATE FUNCTION may_be_secret(value jsonb) RETURNS boolean LANGUAGE plpgsql IMMUTABLE
  AS $$
DECLARE
  part text;
BEGIN
  IF jsonb_typeof(value) = 'array' THEN
    FOR part IN SELECT jsonb_array_elements_text(value) LOOP
      IF may_be_secret(to_jsonb(part)) THEN RETURN true; END IF;
    END LOOP;
  ELSIF jsonb_typeof(value) = 'string' THEN
    part := value #>> '{}';
    RETURN length(part) > 500
      OR part ~ '://[^/?#]*[^/?#\u2022]@'
      OR part ~* '(password|passwd|pwd|secret|token|signature|sig|(api|access|account)[_-]?key)(\s*=\s*\S|"?\s*:\s*")'
      OR part ~ 'PRIVATE KEY-----|PuTTY-User-Key-File'
      OR part ~ '(^|[^[:alnum:]])(eyJ[\w-]{16}|gh[a-z]_\w{16}|github_pat_|glpat-|xox[a-z]-|[rs]k[_-][\w-]{16}|AIza[\w-]{30}|ya29\.|SG\.[\w-]{16}|lk_\w{16})';
  END IF;
  RETURN false;
END $$;

-- Kept by a trigger, so that no way of writing can forget it. What raises no version, such as a renewal of access, is nobody's
-- change; a deletion changes nothing that is still to be read.
CREATE FUNCTION keep_plain_changes() RETURNS trigger LANGUAGE plpgsql
  AS $$
DECLARE
  old_values jsonb := plain_values(OLD);
  new_values jsonb := plain_values(NEW);
  withheld jsonb := coalesce(nullif(current_setting('app.withheld', true), ''), '[]');
  kept jsonb;
BEGIN
  SELECT jsonb_object_agg(name, jsonb_build_object('from', old_values->name, 'to', new_values->name)) INTO kept
    FROM jsonb_object_keys(old_values || new_values) AS name
   WHERE old_values->name IS DISTINCT FROM new_values->name AND NOT withheld ? name
     AND NOT may_be_secret(old_values->name) AND NOT may_be_secret(new_values->name);
  IF kept IS NOT NULL THEN
    INSERT INTO credential_change (org_id, credential_id, version, changes) VALUES (NEW.org_id, NEW.id, NEW.version, kept);
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER credential_changed AFTER UPDATE OF version ON credential FOR EACH ROW
  WHEN (NEW.version > OLD.version AND NEW.deleted_at IS NULL
    AND (OLD.name, OLD.tags, OLD.active, OLD.expires_at, OLD.type, OLD.config)
      IS DISTINCT FROM (NEW.name, NEW.tags, NEW.active, NEW.expires_at, NEW.type, NEW.config))
  EXECUTE FUNCTION keep_plain_changes();

CREATE FUNCTION forget_plain_changes() RETURNS trigger LANGUAGE plpgsql
  AS $$
BEGIN
  DELETE FROM credential_change h WHERE h.org_id = NEW.org_id AND h.credential_id = NEW.id;
  RETURN NULL;
END $$;
CREATE TRIGGER credential_forgotten AFTER UPDATE OF deleted_at ON credential FOR EACH ROW
  WHEN (OLD.deleted_at IS NULL AND NEW.deleted_at IS NOT NULL
    AND current_setting('app.shredded', true) IS DISTINCT FROM OLD.org_id::text)
  EXECUTE FUNCTION forget_plain_changes();

-- Each update says which plain values it withholds; the next one in the same transaction has its own.
ALTER FUNCTION write_credentials(uuid, jsonb) RENAME TO write_credential_rows;
CREATE FUNCTION write_credentials(org uuid, changes jsonb) RETURNS SETOF uuid LANGUAGE plpgsql
  AS $$
DECLARE
  n jsonb;
BEGIN
  FOR n IN SELECT jsonb_array_elements(changes) LOOP
    PERFORM set_config('app.withheld', coalesce(n->>'withheld', ''), true);
    RETURN QUERY SELECT write_credential_rows(org, jsonb_build_array(n));
  END LOOP;
END $$;
