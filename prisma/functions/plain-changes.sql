-- By the names that the audit log has for them. `config` holds public fields and public facts alone: of a kind that nobody
-- knows every field is a secret, so that it is empty.
CREATE OR REPLACE FUNCTION plain_values(c credential) RETURNS jsonb LANGUAGE plpgsql STABLE
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
CREATE OR REPLACE FUNCTION may_be_secret(value jsonb) RETURNS boolean LANGUAGE plpgsql IMMUTABLE
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
CREATE OR REPLACE FUNCTION keep_plain_changes() RETURNS trigger LANGUAGE plpgsql
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

CREATE OR REPLACE FUNCTION forget_plain_changes() RETURNS trigger LANGUAGE plpgsql
  AS $$
BEGIN
  DELETE FROM credential_change h WHERE h.org_id = NEW.org_id AND h.credential_id = NEW.id;
  RETURN NULL;
END $$;
