-- The owner is bound by row-level security as well. A backup reads as the owner, in a scope of its own that no other role can make use of,
-- and changes nothing. A file of no functions: tables that a migration adds are found here;
-- a partition is read through its table.
DO $$
DECLARE
  t record;
BEGIN
  FOR t IN SELECT c.oid::regclass AS name, c.relowner::regrole AS owner FROM pg_class c
    WHERE c.relnamespace = current_schema()::regnamespace AND c.relforcerowsecurity AND NOT c.relispartition AND NOT EXISTS
      (SELECT FROM pg_policy p WHERE p.polrelid = c.oid AND p.polname = 'backup' AND p.polroles = ARRAY[c.relowner])
    ORDER BY c.relname
  LOOP
    EXECUTE format('DROP POLICY IF EXISTS backup ON %s', t.name);
    EXECUTE format('CREATE POLICY backup ON %s FOR SELECT TO %s USING ((SELECT app_scope()) = ''backup'')', t.name, t.owner);
  END LOOP;
END $$;
