-- Who may do what with a credential. One decision, which every look at a credential asks: the policies of row-level security below
-- the queries, and the queries themselves. See docs/decisions/2026-11-30-grants.md.

-- For whom a statement looks: a person's or program's id, whose grants count; `whole` for work on nobody's behalf and for roles that
-- see everything; `nobody`. Instances of earlier versions, which know no grants, name nobody and see the whole.
CREATE OR REPLACE FUNCTION app_who() RETURNS text LANGUAGE sql STABLE
  AS $$ SELECT coalesce(nullif(current_setting('app.who', true), ''), 'whole') $$;

CREATE OR REPLACE FUNCTION app_subject() RETURNS uuid LANGUAGE sql STABLE
  AS $$ SELECT CASE WHEN app_who() NOT IN ('whole', 'nobody') THEN app_who()::uuid END $$;

-- The token whose limits hold beside that; null where it has none that narrow the reach.
CREATE OR REPLACE FUNCTION app_token() RETURNS uuid LANGUAGE sql STABLE
  AS $$ SELECT nullif(current_setting('app.token', true), '')::uuid $$;

-- Whoever it is looked for, with their groups.
CREATE OR REPLACE FUNCTION app_subjects() RETURNS uuid[] LANGUAGE plpgsql STABLE
  AS $$
DECLARE
  subject uuid := app_subject();
BEGIN
  IF subject IS NULL THEN
    RETURN '{}';
  END IF;
  RETURN coalesce(nullif(current_setting('app.subjects', true), '')::uuid[],
    ARRAY(SELECT m.group_id FROM access_group_member m WHERE m.org_id = app_org() AND m.user_id = subject) || subject);
END $$;

-- Their grants over more than one credential, in force now, each as "reach right key".
CREATE OR REPLACE FUNCTION wide_grants() RETURNS text[] LANGUAGE plpgsql STABLE
  AS $$
BEGIN
  IF app_subject() IS NULL THEN
    RETURN '{}';
  END IF;
  RETURN coalesce(nullif(current_setting('app.wide_grants', true), '')::text[],
    ARRAY(SELECT g.reach || ' ' || g."right" || ' ' || g.reach_key FROM access_grant g
      WHERE g.org_id = app_org() AND g.subject_id = ANY (app_subjects()) AND g.reach <> 'credential'
        AND (g.expires_at IS NULL OR g.expires_at > now())));
END $$;

-- Whether anything is granted to them over a credential by name.
CREATE OR REPLACE FUNCTION has_named_grants() RETURNS boolean LANGUAGE plpgsql STABLE
  AS $$
BEGIN
  RETURN EXISTS (SELECT FROM access_grant g
    WHERE g.org_id = app_org() AND g.subject_id = ANY (app_subjects()) AND g.reach = 'credential');
END $$;

-- Looks for one, in one organisation, until the end of the transaction. Who shares with them and what is granted to them over more than one
-- credential is looked up here for all that follows in it: statements on their own, and work under the organisation's lock, under which grants
-- change.
CREATE OR REPLACE FUNCTION look_for(org uuid, who text, token text) RETURNS void LANGUAGE plpgsql
  AS $$
BEGIN
  PERFORM set_config('app.org_id', org::text, true), set_config('app.who', who, true), set_config('app.token', token, true),
    set_config('app.subjects', '', true), set_config('app.wide_grants', '', true);
  IF who NOT IN ('whole', 'nobody') THEN
    PERFORM set_config('app.subjects', app_subjects()::text, true);
    PERFORM set_config('app.wide_grants', wide_grants()::text, true);
  END IF;
END $$;

-- The tags or kinds (reach `tag`, `kind`) that they have any right over, in force now.
CREATE OR REPLACE FUNCTION reached_keys(wanted text) RETURNS text[] LANGUAGE plpgsql STABLE
  AS $$
DECLARE
  found text[] := '{}';
  wide text;
BEGIN
  FOREACH wide IN ARRAY wide_grants() LOOP
    IF starts_with(wide, wanted || ' ') THEN
      -- What stands behind the right, spaces included.
      wide := substr(wide, length(wanted) + 2);
      found := found || substr(wide, strpos(wide, ' ') + 1);
    END IF;
  END LOOP;
  RETURN found;
END $$;

CREATE OR REPLACE FUNCTION reaches_all() RETURNS boolean LANGUAGE plpgsql STABLE
  AS $$ BEGIN RETURN cardinality(reached_keys('all')) > 0; END $$;

-- What the token is narrowed to; null where it is not.
CREATE OR REPLACE FUNCTION token_limit(wanted text) RETURNS text[] LANGUAGE plpgsql STABLE
  AS $$
BEGIN
  RETURN (SELECT CASE WHEN t.limits ? wanted THEN ARRAY(SELECT jsonb_array_elements_text(t.limits->wanted)) END
    FROM api_token t WHERE t.org_id = app_org() AND t.id = app_token());
END $$;

-- The rights that grants and ownership give whoever it is looked for over one credential; none for `whole`, whose role says. Called as
-- lib/credentials/granted.ts has it, with what is looked up: the subject, its wide grants, and those over this credential by name
-- (`named_grants`).
CREATE OR REPLACE FUNCTION granted_rights(owner uuid, kind text, labels text[], subject uuid, wide text[], named text[]) RETURNS text[]
  LANGUAGE plpgsql IMMUTABLE
  AS $$
DECLARE
  found text[] := named;
  r text;
  label text;
BEGIN
  IF subject IS NULL THEN
    RETURN '{}';
  END IF;
  IF cardinality(wide) > 0 THEN
    FOREACH r IN ARRAY ARRAY['see', 'use', 'edit', 'manage'] LOOP
      IF 'all ' || r || ' ' = ANY (wide) OR 'kind ' || r || ' ' || kind = ANY (wide) THEN
        found := found || r;
      END IF;
      FOREACH label IN ARRAY coalesce(labels, '{}') LOOP
        IF 'tag ' || r || ' ' || label = ANY (wide) THEN
          found := found || r;
        END IF;
      END LOOP;
    END LOOP;
  END IF;
  RETURN CASE WHEN owner = subject THEN found || 'manage'::text ELSE found END;
END $$;

-- Whether a write that is somebody's, of a row that is there, is still theirs to make: what was judged before may have been taken away
-- since. Called under the lock of the organisation's chain.
CREATE OR REPLACE FUNCTION may_write(org uuid, n jsonb) RETURNS boolean LANGUAGE plpgsql
  AS $$
DECLARE
  who text := coalesce(n->>'who', 'whole');
  token text := coalesce(n->>'token', '');
  held text[];
BEGIN
  IF who = 'whole' AND token = '' THEN
    RETURN true;
  END IF;
  PERFORM look_for(org, who, token);
  SELECT granted_rights(c.owner_id, c.provider, c.tags, app_subject(), wide_grants(), ARRAY(SELECT * FROM named_grants(org, c.id))) INTO held
    FROM credential c WHERE c.org_id = org AND c.id = (n->>'id')::uuid AND c.deleted_at IS NULL;
  PERFORM look_for(org, 'whole', '');
  RETURN held IS NOT NULL
    AND (who = 'whole' OR 'manage' = ANY (held) OR (n->>'kind' = 'update' AND 'edit' = ANY (held)));
END $$;

-- Which credentials somebody reaches, as long as these are not more than at_most: a list of a few is made from them, whatever else the
-- organisation has. Null where they are more: then the rows are walked in their order, and each is asked about.
CREATE OR REPLACE FUNCTION reached_ids(org uuid, at_most integer) RETURNS uuid[] LANGUAGE plpgsql STABLE
  AS $$
DECLARE
  subject uuid := app_subject();
  subjects uuid[] := app_subjects();
  kinds text[] := reached_keys('kind');
  labels text[] := reached_keys('tag');
  found uuid[];
BEGIN
  IF subject IS NULL OR reaches_all() THEN
    RETURN NULL;
  END IF;
  found := ARRAY(SELECT c.id FROM credential c WHERE c.org_id = org AND c.owner_id = subject AND c.deleted_at IS NULL LIMIT at_most + 1)
    || ARRAY(SELECT g.credential_id FROM access_grant g WHERE g.org_id = org AND g.subject_id = ANY (subjects) AND g.reach = 'credential'
         AND (g.expires_at IS NULL OR g.expires_at > now()) LIMIT at_most + 1);
  IF cardinality(found) <= at_most AND cardinality(kinds) > 0 THEN
    found := found || ARRAY(SELECT c.id FROM credential c WHERE c.org_id = org AND c.provider = ANY (kinds) AND c.deleted_at IS NULL
      LIMIT at_most + 1);
  END IF;
  IF cardinality(found) <= at_most AND cardinality(labels) > 0 THEN
    found := found || ARRAY(SELECT t.credential_id FROM credential_tag t WHERE t.org_id = org AND t.tag = ANY (labels) LIMIT at_most + 1);
  END IF;
  RETURN CASE WHEN cardinality(found) <= at_most THEN found END;
END $$;

-- The tags of live credentials, one row each, kept by triggers: an index that row-level security lets a list use.
CREATE OR REPLACE FUNCTION keep_credential_tags() RETURNS trigger LANGUAGE plpgsql
  AS $$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    DELETE FROM credential_tag t WHERE t.org_id = OLD.org_id AND t.credential_id = OLD.id;
  END IF;
  IF NEW.deleted_at IS NULL THEN
    INSERT INTO credential_tag (org_id, tag, credential_id) SELECT DISTINCT NEW.org_id, tag, NEW.id FROM unnest(NEW.tags) AS tag
      WHERE tag IS NOT NULL;
  END IF;
  RETURN NULL;
END $$;

-- What was given over a credential goes with it, and what was asked for.
CREATE OR REPLACE FUNCTION forget_access_to_credential() RETURNS trigger LANGUAGE plpgsql
  AS $$
BEGIN
  DELETE FROM access_grant g WHERE g.org_id = NEW.org_id AND g.credential_id = NEW.id;
  DELETE FROM access_request r WHERE r.org_id = NEW.org_id AND r.credential_id = NEW.id;
  RETURN NULL;
END $$;

-- What was given to somebody goes with them.
CREATE OR REPLACE FUNCTION forget_access_of_subject() RETURNS trigger LANGUAGE plpgsql
  AS $$
BEGIN
  DELETE FROM access_grant g WHERE g.org_id = OLD.org_id AND g.subject_id = OLD.id;
  RETURN NULL;
END $$;
