-- The audit log is written once. The role has no right to change it; this also stops its owner's slips. What lets events go, or moves them
-- to the partition of their month, runs as the owner and says so for the time of its statement: the word alone, which anybody may say, lets
-- nothing pass.
CREATE OR REPLACE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql
  AS $$
BEGIN
  IF TG_OP = 'DELETE' AND current_setting('app.audit_change', true) IN ('expires', 'moves')
    AND current_user = (SELECT c.relowner::regrole::text FROM pg_class c WHERE c.oid = TG_RELID)
  THEN
    RETURN OLD;
  END IF;
  RAISE EXCEPTION 'audit events are never changed';
END $$;

CREATE OR REPLACE FUNCTION insert_audit_events(events jsonb) RETURNS void LANGUAGE plpgsql
  AS $$
DECLARE
  earliest timestamptz;
  latest timestamptz;
BEGIN
  WITH stored AS (
    INSERT INTO audit_event (org_id, seq, at, actor_kind, actor_id, actor_name, action, outcome, reason, target_type,
      target_id, target_name, fields, version, key_id, sealed_hash, request_id, address, token_id, prev_hash, hash)
    SELECT (e->>'orgId')::uuid, (e->>'seq')::bigint, (e->>'at')::timestamptz, e->>'actorKind', e->>'actorId',
      e->>'actorName', e->>'action', e->>'outcome', e->>'reason', e->>'targetType', e->>'targetId', e->>'targetName',
      ARRAY(SELECT jsonb_array_elements_text(e->'fields')), (e->>'version')::int, e->>'keyId',
      decode(e->>'sealedHash', 'hex'), e->>'requestId', e->>'address', (e->>'tokenId')::uuid, decode(e->>'prevHash', 'hex'),
      decode(e->>'hash', 'hex')
      FROM jsonb_array_elements(events) e
    RETURNING at)
  SELECT min(stored.at), max(stored.at) INTO earliest, latest FROM stored;
  IF earliest IS NOT NULL AND NOT EXISTS (
    SELECT FROM (SELECT s.from_at, s.to_at FROM audit_span s WHERE s.org_id = (events->0->>'orgId')::uuid ORDER BY s.first_seq DESC LIMIT 1) last
     WHERE last.from_at <= earliest AND latest < last.to_at)
  THEN
    PERFORM note_audit_spans((events->0->>'orgId')::uuid, events);
  END IF;
END $$;

-- Where the chain goes on in another month than it was in; so, too, where a clock goes back.
CREATE OR REPLACE FUNCTION note_audit_spans(org uuid, events jsonb) RETURNS void LANGUAGE plpgsql
  AS $$
DECLARE
  last record;
  event record;
  month timestamp;
BEGIN
  SELECT s.from_at, s.to_at INTO last FROM audit_span s WHERE s.org_id = org ORDER BY s.first_seq DESC LIMIT 1;
  FOR event IN SELECT (e->>'seq')::bigint AS seq, (e->>'at')::timestamptz AS at FROM jsonb_array_elements(events) e ORDER BY 1 LOOP
    CONTINUE WHEN last.from_at <= event.at AND event.at < last.to_at;
    month := date_trunc('month', event.at AT TIME ZONE 'UTC');
    INSERT INTO audit_span (org_id, first_seq, from_at, to_at)
      VALUES (org, event.seq, month AT TIME ZONE 'UTC', (month + interval '1 month') AT TIME ZONE 'UTC')
      RETURNING from_at, to_at INTO last;
  END LOOP;
END $$;

-- An organisation's events before a number, newest first, that are as wanted (action, outcome, actor, target, part: a pattern of names,
-- from, to: times; each may be left out). Walks back from month to month, so that a statement is planned for one or two partitions and the
-- walk ends with the page: with all partitions in one plan, the planning alone takes longer than the page. Where little is found, twice as many
-- months are looked into at once.
CREATE OR REPLACE FUNCTION audit_events_before(org uuid, before bigint, at_most integer, wanted jsonb) RETURNS TABLE (
  seq bigint, at timestamptz, actor_kind text, actor_id text, actor_name text, action text, outcome text, reason text, target_type text,
  target_id text, target_name text, fields text[], version integer, request_id text, address text
) LANGUAGE plpgsql STABLE
  AS $$
DECLARE
  below bigint := coalesce(before, 9223372036854775807);
  still integer := at_most;
  first bigint;
  span_from timestamptz;
  span_to timestamptz;
  width integer := 1;
  steps integer := 0;
  found bigint;
  low timestamptz;
  high timestamptz;
  terms text := concat(
    ' AND e.action = ' || quote_literal(wanted->>'action'), ' AND e.outcome = ' || quote_literal(wanted->>'outcome'),
    ' AND e.actor_id = ' || quote_literal(wanted->>'actor'), ' AND e.target_id = ' || quote_literal(wanted->>'target'),
    CASE WHEN wanted->>'part' IS NOT NULL
      THEN format(' AND (e.actor_name ILIKE %1$L OR e.target_name ILIKE %1$L)', wanted->>'part') END);
BEGIN
  LOOP
    SELECT min(l.first_seq), min(l.from_at), max(l.to_at) INTO first, span_from, span_to
      FROM (SELECT s.first_seq, s.from_at, s.to_at FROM audit_span s
             WHERE s.org_id = org AND s.first_seq < below ORDER BY s.first_seq DESC LIMIT width) l;
    width := least(width * 2, 16);
    steps := steps + 1;
    -- Nothing is known of where the rest lies; or clocks went to and fro so often that a look at all of it is less work.
    IF first IS NULL OR steps > 20 THEN
      first := 1;
      span_from := '-infinity';
      span_to := 'infinity';
    END IF;
    low := greatest(span_from, (wanted->>'from')::timestamptz);
    high := least(span_to, (wanted->>'to')::timestamptz);
    IF low < high THEN
      RETURN QUERY EXECUTE format('SELECT e.seq, e.at, e.actor_kind, e.actor_id, e.actor_name, e.action, e.outcome, e.reason,
        e.target_type, e.target_id, e.target_name, e.fields, e.version, e.request_id, e.address
        FROM audit_event e WHERE e.org_id = $1 AND e.seq >= $2 AND e.seq < $3 AND e.at >= $4 AND e.at < $5%s
        ORDER BY e.seq DESC LIMIT %s', terms, still) USING org, first, below, low, high;
      GET DIAGNOSTICS found = ROW_COUNT;
      still := still - found;
    END IF;
    EXIT WHEN still <= 0 OR first <= 1;
    below := first;
  END LOOP;
END $$;
