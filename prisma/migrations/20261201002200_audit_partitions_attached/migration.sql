-- functions: c229ddde65e110e2e6cd6ddd68adf950c55dad4d04871b6829bd201e3d5fa8a5
-- The table becomes the first partition of one that has its name. Nothing is read or moved: that its rows fit is known.
ALTER TABLE audit_event RENAME TO audit_event_before;

-- Without a key: it would have to hold `at`. That an organisation's numbers are each there once over all partitions is what the step of
-- audit_head gives, under whose lock each is taken; within a partition its own key holds it.
CREATE TABLE audit_event (LIKE audit_event_before INCLUDING DEFAULTS) PARTITION BY RANGE (at);
ALTER TABLE audit_event
  ADD CONSTRAINT audit_event_actor_kind_words CHECK (actor_kind IN ('user', 'service_account', 'system')) NOT VALID,
  ADD CONSTRAINT audit_event_outcome_words CHECK (outcome IN ('done', 'refused', 'failed')) NOT VALID;
ALTER TABLE audit_event ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit_event FORCE ROW LEVEL SECURITY;
CREATE POLICY own_organization ON audit_event USING (org_id = (SELECT app_org()));
GRANT SELECT, INSERT ON audit_event TO latchkey_app;
CREATE TRIGGER audit_event_no_truncate BEFORE TRUNCATE ON audit_event
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change();

-- A partition is reached through its table alone: nobody is granted anything on it, and row-level security lets nobody see anything of it.
REVOKE ALL ON audit_event_before FROM latchkey_app;
DROP POLICY own_organization ON audit_event_before;
DROP POLICY IF EXISTS backup ON audit_event_before;
DROP TRIGGER audit_event_write_once ON audit_event_before;

DO $$
DECLARE
  is_empty boolean;
  bound timestamptz;
BEGIN
  ALTER TABLE audit_event_before NO FORCE ROW LEVEL SECURITY;
  is_empty := NOT EXISTS (SELECT FROM audit_event_before);
  ALTER TABLE audit_event_before FORCE ROW LEVEL SECURITY;
  -- Without events there is nothing that a later month would have to wait for.
  SELECT CASE WHEN is_empty THEN date_trunc('month', now() AT TIME ZONE 'UTC') AT TIME ZONE 'UTC'
      ELSE substring(pg_get_expr(c.conbin, c.conrelid) FROM '''([^'']+)''')::timestamptz END INTO bound
    FROM pg_constraint c WHERE c.conrelid = 'audit_event_before'::regclass AND c.conname = 'audit_event_until';
  EXECUTE format('ALTER TABLE audit_event ATTACH PARTITION audit_event_before FOR VALUES FROM (MINVALUE) TO (%L)', bound);
  ALTER TABLE audit_event_before DROP CONSTRAINT audit_event_until;
  -- Where there are events it would take long, and those of a first partition go without: its own key finds them.
  IF is_empty THEN
    CREATE INDEX audit_event_before_not_done ON audit_event_before (org_id, outcome, seq DESC) WHERE outcome <> 'done';
  END IF;
  -- The events that are there lie before that, by their numbers.
  ALTER TABLE audit_span NO FORCE ROW LEVEL SECURITY;
  PERFORM set_config('app.scope', 'platform', true);
  INSERT INTO audit_span (org_id, first_seq, from_at, to_at) SELECT h.org_id, 1, '-infinity', bound FROM audit_head h WHERE h.seq > 0;
  PERFORM set_config('app.scope', '', true);
  ALTER TABLE audit_span FORCE ROW LEVEL SECURITY;
END $$;

-- For clocks that are far off: an event is never refused for want of a partition.
CREATE TABLE audit_event_default (LIKE audit_event_before INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING INDEXES);
-- What was refused or failed is sought among a thousand times as many that were not. Each month's partition is made like this one.
DROP INDEX IF EXISTS audit_event_default_org_id_outcome_seq_idx;
CREATE INDEX audit_event_default_not_done ON audit_event_default (org_id, outcome, seq DESC) WHERE outcome <> 'done';
ALTER TABLE audit_event_default ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit_event_default FORCE ROW LEVEL SECURITY;
REVOKE ALL ON audit_event_default FROM latchkey_app;
CREATE TRIGGER audit_event_no_truncate BEFORE TRUNCATE ON audit_event_default
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change();
ALTER TABLE audit_event ATTACH PARTITION audit_event_default DEFAULT;

-- With each partition that there will be.
CREATE TRIGGER audit_event_write_once BEFORE UPDATE OR DELETE ON audit_event
  FOR EACH ROW EXECUTE FUNCTION refuse_audit_change();

UPDATE schema_compatibility SET migration = '20261201002200_audit_partitions_attached', serves_from = '20261201000600_compatibility';
