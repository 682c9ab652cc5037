-- Events that are past their time go from the beginning of an organisation's chain, and a checkpoint stands for them.

-- Up to which event an organisation's log may let go as far as its receivers are concerned: what one of them has not confirmed stays, also
-- while it is paused.
CREATE OR REPLACE FUNCTION audit_released_to(org uuid) RETURNS bigint LANGUAGE plpgsql STABLE
  AS $$
BEGIN
  RETURN coalesce((SELECT min(s.cursor_seq) FROM audit_stream s WHERE s.org_id = org), 9223372036854775807);
END $$;

-- Up to which event it may let go in any case: what was released, what was counted as a use, and never the last one.
CREATE OR REPLACE FUNCTION audit_removable_to(org uuid) RETURNS bigint LANGUAGE plpgsql STABLE
  AS $$
BEGIN
  RETURN least(audit_released_to(org), coalesce((SELECT m.seq FROM usage_mark m WHERE m.org_id = org), 0),
    coalesce((SELECT h.seq FROM audit_head h WHERE h.org_id = org), 0) - 1);
END $$;

-- Lets go of an organisation's events up to that of `made`, the checkpoint that stands for them and all before, in one piece: the checkpoint is
-- there and they are not, or neither. The MAC is not for us to judge: without the key nobody can make one, and the verification can. Refuses
-- whatever is younger than the days, and fewer than 30 of them; what was not released; and a credential's last word on its ciphertext.
CREATE OR REPLACE FUNCTION expire_audit_events(org uuid, days integer, made jsonb) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
  AS $$
DECLARE
  last bigint := coalesce((made->>'toSeq')::bigint, 0);
  -- Locked: of two that let go at once, the second sees what the first did.
  gone bigint := coalesce((SELECT c.to_seq FROM audit_checkpoint c WHERE c.org_id = org FOR UPDATE), 0);
  there record;
  removed bigint;
BEGIN
  IF org IS DISTINCT FROM app_org() THEN
    RAISE EXCEPTION 'the events are not of this organisation';
  END IF;
  IF days IS NULL OR days < 30 THEN
    RAISE EXCEPTION 'audit events are kept for 30 days at least';
  END IF;
  IF last <= gone OR last > audit_removable_to(org) THEN
    RAISE EXCEPTION 'the log may not let go of events up to %', last;
  END IF;
  SELECT count(*) AS count, min(e.at) AS first_at, max(e.at) AS last_at,
      bool_or(e.seq = last AND e.hash = decode(made->>'hash', 'hex')) AS is_last INTO there
    FROM audit_event e WHERE e.org_id = org AND e.seq > gone AND e.seq <= last;
  IF there.count <> last - gone OR NOT there.is_last THEN
    RAISE EXCEPTION 'the checkpoint does not fit the events';
  END IF;
  IF there.last_at >= now() - make_interval(days => days) THEN
    RAISE EXCEPTION 'events are younger than they are kept for';
  END IF;
  IF (made->>'fromSeq')::bigint <> 1 OR (made->>'count')::bigint <> last OR (made->>'lastAt')::timestamptz < there.last_at
    OR (made->>'firstAt')::timestamptz > there.first_at
  THEN
    RAISE EXCEPTION 'the checkpoint does not fit the events';
  END IF;
  PERFORM look_for(org, 'whole', '');
  IF EXISTS (SELECT FROM audit_event e JOIN credential c ON c.org_id = e.org_id AND c.id = e.target_id::uuid AND c.sealed IS NOT NULL
      WHERE e.org_id = org AND e.seq > gone AND e.seq <= last AND e.sealed_hash IS NOT NULL AND NOT EXISTS
        (SELECT FROM audit_event s WHERE s.org_id = org AND s.target_id = e.target_id AND s.seq > last AND s.sealed_hash IS NOT NULL))
  THEN
    RAISE EXCEPTION 'an event is the last that speaks of a ciphertext';
  END IF;
  INSERT INTO audit_used_id (org_id, id)
    SELECT DISTINCT org, e.target_id FROM audit_event e
     WHERE e.org_id = org AND e.seq > gone AND e.seq <= last AND e.outcome = 'done' AND e.target_type IN ('user', 'api_token')
       AND e.target_id IS NOT NULL
    ON CONFLICT DO NOTHING;
  -- What a change had of plain values was shown with its event alone.
  DELETE FROM credential_change h USING audit_event e
   WHERE e.org_id = org AND e.seq > gone AND e.seq <= last AND e.version IS NOT NULL AND e.target_type = 'credential'
     AND h.org_id = org AND h.version = e.version AND e.outcome = 'done'
     AND h.credential_id = CASE WHEN e.target_id ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' THEN e.target_id::uuid END;
  INSERT INTO audit_checkpoint (org_id, from_seq, to_seq, prev_hash, hash, count, first_at, last_at, made_at, mac)
    VALUES (org, 1, last, decode(made->>'prevHash', 'hex'), decode(made->>'hash', 'hex'), last, (made->>'firstAt')::timestamptz,
      (made->>'lastAt')::timestamptz, (made->>'madeAt')::timestamptz, decode(made->>'mac', 'hex'))
    ON CONFLICT (org_id) DO UPDATE SET to_seq = excluded.to_seq, hash = excluded.hash, count = excluded.count,
      first_at = excluded.first_at, last_at = excluded.last_at, made_at = excluded.made_at, mac = excluded.mac;
  PERFORM set_config('app.audit_change', 'expires', true);
  DELETE FROM audit_event e WHERE e.org_id = org AND e.seq > gone AND e.seq <= last;
  GET DIAGNOSTICS removed = ROW_COUNT;
  PERFORM set_config('app.audit_change', '', true);
  IF removed <> last - gone THEN
    RAISE EXCEPTION 'the checkpoint does not fit the events';
  END IF;
  -- Spans that end where no event is any more.
  DELETE FROM audit_span s WHERE s.org_id = org
    AND EXISTS (SELECT FROM audit_span n WHERE n.org_id = org AND n.first_seq > s.first_seq AND n.first_seq <= last + 1);
  RETURN removed;
END $$;

-- Up to where an event says that events were removed; called with it, in one transaction.
CREATE OR REPLACE FUNCTION note_audit_removal(org uuid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
  AS $$ BEGIN UPDATE audit_checkpoint c SET noted_to = c.to_seq WHERE c.org_id = org AND org = app_org(); END $$;

REVOKE EXECUTE ON FUNCTION expire_audit_events(uuid, integer, jsonb), note_audit_removal(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION expire_audit_events(uuid, integer, jsonb), note_audit_removal(uuid) TO latchkey_app;

DO $$
DECLARE
  f regprocedure;
BEGIN
  FOREACH f IN ARRAY ARRAY['expire_audit_events(uuid, integer, jsonb)', 'note_audit_removal(uuid)']::regprocedure[] LOOP
    EXECUTE format('ALTER FUNCTION %s SET search_path = %I, pg_temp', f, current_schema());
  END LOOP;
END $$;
