-- Streams of audit logs that something can be sent on now, over all organisations. Taking the lease is each one's own.
CREATE OR REPLACE FUNCTION audit_streams_due(at_most integer) RETURNS TABLE (org_id uuid, id uuid) LANGUAGE plpgsql
  AS $$
BEGIN
  PERFORM set_config('app.scope', 'platform', true);
  RETURN QUERY
    SELECT s.org_id, s.id FROM audit_stream s JOIN audit_head h ON h.org_id = s.org_id
     WHERE s.enabled AND h.seq > s.cursor_seq AND s.next_attempt_at <= now() AND (s.lease IS NULL OR s.lease_until < now())
     ORDER BY s.next_attempt_at LIMIT at_most;
  PERFORM set_config('app.scope', '', true);
END $$;

-- How all streams stand together.
CREATE OR REPLACE FUNCTION audit_streams_state() RETURNS TABLE (streams bigint, failing bigint, full_ones bigint, lag_max bigint,
  lag_sum bigint) LANGUAGE plpgsql
  AS $$
BEGIN
  PERFORM set_config('app.scope', 'platform', true);
  RETURN QUERY
    SELECT count(*), count(*) FILTER (WHERE s.failures > 0), count(*) FILTER (WHERE h.seq - s.cursor_seq > s.backlog_limit),
           coalesce(max(h.seq - s.cursor_seq), 0)::bigint, coalesce(sum(h.seq - s.cursor_seq), 0)::bigint
      FROM audit_stream s JOIN audit_head h ON h.org_id = s.org_id WHERE s.enabled;
  PERFORM set_config('app.scope', '', true);
END $$;

-- Keeps the last event that may be the fetch of a secret. Whoever calls looks into the organisation and holds the end of its chain.
CREATE OR REPLACE FUNCTION keep_fetches_until(org uuid) RETURNS void LANGUAGE plpgsql
  AS $$
DECLARE
  until_seq bigint;
BEGIN
  SELECT min(s.cursor_seq + s.backlog_limit) INTO until_seq FROM audit_stream s
    WHERE s.org_id = org AND s.enabled AND s.refuse_fetches_when_full;
  UPDATE audit_head h SET fetches_until = until_seq WHERE h.org_id = org AND h.fetches_until IS DISTINCT FROM until_seq;
END $$;
