-- Is there another active administrator of the platform than this person (or, with null, than anybody of this
-- organisation)? The lock lasts to the end of the transaction: two administrators cannot remove each other.
CREATE OR REPLACE FUNCTION another_platform_administrator(but_org uuid, but_user uuid) RETURNS boolean LANGUAGE plpgsql
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

-- Whether nobody has set the installation up yet, for the transaction that does it: of several that ask, one at a time
-- gets an answer, and the others see what it made.
CREATE OR REPLACE FUNCTION claim_set_up() RETURNS boolean LANGUAGE plpgsql
  AS $$
DECLARE
  before text := current_setting('app.scope', true);
  empty boolean;
BEGIN
  PERFORM pg_advisory_xact_lock(72707370);
  PERFORM set_config('app.scope', 'platform', true);
  empty := NOT EXISTS (SELECT 1 FROM organization);
  PERFORM set_config('app.scope', coalesce(before, ''), true);
  RETURN empty;
END $$;

-- Kept by a trigger, so that no way of writing can forget it. In thousandths of a second, as every answer shows it.
CREATE OR REPLACE FUNCTION keep_superseded_update() RETURNS trigger LANGUAGE plpgsql
  AS $$
DECLARE
  was jsonb := to_jsonb(OLD);
BEGIN
  INSERT INTO superseded_update (org_id, object_id, updated_at)
    VALUES (coalesce(was->>'org_id', was->>'id')::uuid, OLD.id, date_trunc('milliseconds', OLD.updated_at))
    ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$;

-- Whether an organisation has ever kept a credential, a deleted one included, whoever asks.
CREATE OR REPLACE FUNCTION ever_held_credentials(org uuid) RETURNS boolean LANGUAGE plpgsql
  AS $$
DECLARE
  before text := coalesce(current_setting('app.who', true), '');
  held boolean;
BEGIN
  PERFORM set_config('app.who', 'whole', true);
  held := EXISTS (SELECT 1 FROM credential c WHERE c.org_id = org);
  PERFORM set_config('app.who', before, true);
  RETURN held;
END $$;
