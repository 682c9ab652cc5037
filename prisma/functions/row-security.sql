-- Row-level security: a statement sees the rows of the organisation named in its own transaction, else none.
-- The setting is '' after a transaction that set it, hence nullif.
CREATE OR REPLACE FUNCTION app_org() RETURNS uuid LANGUAGE sql STABLE
  AS $$ SELECT nullif(current_setting('app.org_id', true), '')::uuid $$;

-- 'authentication': who is asking is not known yet. 'platform': work over all organisations (listing them, key
-- rotation). Both only widen reading, and only on the tables named below.
CREATE OR REPLACE FUNCTION app_scope() RETURNS text LANGUAGE sql STABLE
  AS $$ SELECT coalesce(current_setting('app.scope', true), '') $$;
