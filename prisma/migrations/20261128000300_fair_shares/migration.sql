-- What is past its time is deleted by a background round over all organisations (lib/housekeeping). Its scope sees and
-- deletes that and nothing else: the terms stand here a second time, so that a slip in the program cannot go past them.

DO $$
DECLARE
  term record;
BEGIN
  FOR term IN SELECT * FROM (VALUES
    ('session', 'expires_at < now()'),
    ('idempotency_key', 'expires_at < now()'),
    ('authorization_flow', 'expires_at < now()'),
    ('credential_rotation', 'ended_at < now() - interval ''90 days'''),
    ('connection_test', 'true')
  ) AS kept (of_table, is_over)
  LOOP
    EXECUTE format('CREATE POLICY housekeeping_sees ON %I FOR SELECT
      USING ((SELECT app_scope()) = ''housekeeping'' AND %s)', term.of_table, term.is_over);
    EXECUTE format('CREATE POLICY housekeeping ON %I FOR DELETE
      USING ((SELECT app_scope()) = ''housekeeping'' AND %s)', term.of_table, term.is_over);
  END LOOP;
END $$;

-- Whose tests are kept, and whose went with the credential.
CREATE POLICY housekeeping_sees ON credential FOR SELECT USING ((SELECT app_scope()) = 'housekeeping');
