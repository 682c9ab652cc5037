-- The partitions of the audit log. They belong to the owner, as every table does; the application asks for them here.

-- Makes the partitions of this month and the next three where they are missing, and moves to each what a clock that was ahead has put into
-- the default one. Answers how many it made; none while somebody else is at it. Whoever is in the way of the short lock on the default
-- partition is waited for two seconds.
CREATE OR REPLACE FUNCTION make_audit_partitions() RETURNS integer LANGUAGE plpgsql SECURITY DEFINER SET lock_timeout = '2s'
  AS $$
DECLARE
  month timestamp;
  starts timestamptz;
  ends timestamptz;
  name text;
  made integer := 0;
BEGIN
  FOR month IN SELECT date_trunc('month', now() AT TIME ZONE 'UTC') + make_interval(months => n) FROM generate_series(0, 3) n LOOP
    starts := month AT TIME ZONE 'UTC';
    ends := (month + interval '1 month') AT TIME ZONE 'UTC';
    name := 'audit_event_' || to_char(month, 'YYYY_MM');
    CONTINUE WHEN EXISTS (SELECT FROM audit_partitions() p WHERE p.low < ends AND starts < p.high);
    IF made = 0 AND NOT pg_try_advisory_xact_lock(hashtext('make_audit_partitions')) THEN
      RETURN 0;
    END IF;
    EXECUTE format('CREATE TABLE %I (LIKE audit_event_default INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING INDEXES)', name);
    ALTER TABLE audit_event_default NO FORCE ROW LEVEL SECURITY;
    PERFORM set_config('app.audit_change', 'moves', true);
    EXECUTE format('WITH moved AS (DELETE FROM audit_event_default WHERE at >= %L AND at < %L RETURNING *) INSERT INTO %I SELECT * FROM moved',
      starts, ends, name);
    PERFORM set_config('app.audit_change', '', true);
    ALTER TABLE audit_event_default FORCE ROW LEVEL SECURITY;
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', name);
    EXECUTE format('REVOKE ALL ON %I FROM latchkey_app', name);
    EXECUTE format('CREATE TRIGGER audit_event_no_truncate BEFORE TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change()',
      name);
    EXECUTE format('ALTER TABLE audit_event ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', name, starts, ends);
    made := made + 1;
  END LOOP;
  RETURN made;
END $$;

-- Those with bounds; the default one has none.
CREATE OR REPLACE FUNCTION audit_partitions() RETURNS TABLE (name text, low timestamptz, high timestamptz) LANGUAGE plpgsql STABLE
  AS $$
BEGIN
  RETURN QUERY
    SELECT p.relname::text, coalesce(substring(b.bound FROM 'FROM \(''([^'']+)''')::timestamptz, '-infinity'),
           substring(b.bound FROM 'TO \(''([^'']+)''')::timestamptz
      FROM pg_inherits i JOIN pg_class p ON p.oid = i.inhrelid, pg_get_expr(p.relpartbound, p.oid) AS b(bound)
     WHERE i.inhparent = 'audit_event'::regclass AND b.bound <> 'DEFAULT';
END $$;

-- Removes partitions whose time is over by a month and that hold nothing any more. Answers how many.
CREATE OR REPLACE FUNCTION drop_empty_audit_partitions() RETURNS integer LANGUAGE plpgsql SECURITY DEFINER SET lock_timeout = '2s'
  AS $$
DECLARE
  scope text := app_scope();
  partition record;
  is_empty boolean;
  dropped integer := 0;
BEGIN
  FOR partition IN SELECT p.name, p.low, p.high FROM audit_partitions() p WHERE p.high < now() - interval '1 month' ORDER BY p.high LOOP
    -- From here on nobody puts anything into it.
    EXECUTE format('LOCK TABLE %I IN SHARE MODE', partition.name);
    PERFORM set_config('app.scope', 'backup', true);
    EXECUTE 'SELECT NOT EXISTS (SELECT FROM audit_event e WHERE e.at >= $1 AND e.at < $2)' INTO is_empty USING partition.low, partition.high;
    PERFORM set_config('app.scope', scope, true);
    IF is_empty THEN
      EXECUTE format('DROP TABLE %I', partition.name);
      dropped := dropped + 1;
    END IF;
  END LOOP;
  RETURN dropped;
END $$;

REVOKE EXECUTE ON FUNCTION make_audit_partitions(), drop_empty_audit_partitions() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION make_audit_partitions(), drop_empty_audit_partitions() TO latchkey_app;

-- What runs as the owner takes names from this schema, and from nobody's temporary one.
DO $$
DECLARE
  f regprocedure;
BEGIN
  FOREACH f IN ARRAY ARRAY['make_audit_partitions()', 'drop_empty_audit_partitions()']::regprocedure[] LOOP
    EXECUTE format('ALTER FUNCTION %s SET search_path = %I, pg_temp', f, current_schema());
  END LOOP;
END $$;
