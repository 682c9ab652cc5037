-- The audit log by month, in three steps beside programs at work: a bound for the rows that are there (here), a look whether all keep it
-- (the next), and the table as a partition of a new one (the last). See docs/decisions/2026-12-01-audit-partitions.md.

-- Where in time an organisation's events lie, from one number up to the next row's: a row whenever the chain goes on in another month. A
-- page is sought within it, so that few partitions are looked into, whatever a clock said.
CREATE TABLE "audit_span" (
    "org_id" UUID NOT NULL,
    "first_seq" BIGINT NOT NULL,
    "from_at" TIMESTAMPTZ(3) NOT NULL,
    "to_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "audit_span_pkey" PRIMARY KEY ("org_id","first_seq")
);

-- What stands for the events that an organisation's log has no more: one row, over all of them from the first. The MAC is the
-- application's, which alone has the key.
CREATE TABLE "audit_checkpoint" (
    "org_id" UUID NOT NULL,
    "from_seq" BIGINT NOT NULL,
    "to_seq" BIGINT NOT NULL,
    "prev_hash" BYTEA NOT NULL,
    "hash" BYTEA NOT NULL,
    "count" BIGINT NOT NULL,
    "first_at" TIMESTAMPTZ(3) NOT NULL,
    "last_at" TIMESTAMPTZ(3) NOT NULL,
    "made_at" TIMESTAMPTZ(3) NOT NULL,
    "mac" BYTEA NOT NULL,
    "noted_to" BIGINT NOT NULL DEFAULT 0,

    CONSTRAINT "audit_checkpoint_pkey" PRIMARY KEY ("org_id")
);

-- Ids that only events spoke of that are gone: none of them is given again.
CREATE TABLE "audit_used_id" (
    "org_id" UUID NOT NULL,
    "id" TEXT NOT NULL,

    CONSTRAINT "audit_used_id_pkey" PRIMARY KEY ("org_id","id")
);

GRANT SELECT, INSERT ON audit_span TO latchkey_app;
GRANT SELECT ON audit_checkpoint, audit_used_id TO latchkey_app;

DO $$
DECLARE
  t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['audit_span', 'audit_checkpoint', 'audit_used_id'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY own_organization ON %I USING (org_id = (SELECT app_org()))', t);
  END LOOP;
END $$;

-- The heads' anchors are thinned out by it, of all organisations.
CREATE POLICY platform ON audit_checkpoint FOR SELECT USING ((SELECT app_scope()) = 'platform');

-- For an installation that does not keep them for ever; what is granted is looked at by the last 90 days of them.
CREATE POLICY housekeeping_sees ON credential_use FOR SELECT
  USING ((SELECT app_scope()) = 'housekeeping' AND day < current_date - 90);
CREATE POLICY housekeeping ON credential_use FOR DELETE
  USING ((SELECT app_scope()) = 'housekeeping' AND day < current_date - 90);
CREATE POLICY housekeeping_sees ON token_use FOR SELECT
  USING ((SELECT app_scope()) = 'housekeeping' AND last_at < now() - interval '90 days');
CREATE POLICY housekeeping ON token_use FOR DELETE
  USING ((SELECT app_scope()) = 'housekeeping' AND last_at < now() - interval '90 days');

-- Everything there is, and what comes in this month and the next two: time enough for the steps that follow, and for clocks that are
-- ahead. An upgrade that was cut off behind this one has that long to be run again.
DO $$
DECLARE
  newest timestamptz;
  bound timestamptz;
BEGIN
  ALTER TABLE audit_event NO FORCE ROW LEVEL SECURITY;
  PERFORM set_config('app.scope', 'platform', true);
  SELECT max(last.at) INTO newest FROM audit_head h,
    LATERAL (SELECT e.at FROM audit_event e WHERE e.org_id = h.org_id ORDER BY e.at DESC LIMIT 1) last;
  PERFORM set_config('app.scope', '', true);
  bound := greatest((date_trunc('month', now() AT TIME ZONE 'UTC') + interval '3 months') AT TIME ZONE 'UTC',
    (date_trunc('month', newest AT TIME ZONE 'UTC') + interval '1 month') AT TIME ZONE 'UTC');
  EXECUTE format('ALTER TABLE audit_event ADD CONSTRAINT audit_event_until CHECK (at < %L) NOT VALID', bound);
  ALTER TABLE audit_event FORCE ROW LEVEL SECURITY;
END $$;

UPDATE schema_compatibility SET migration = '20261201002000_audit_partitions', serves_from = '20261201000600_compatibility';
