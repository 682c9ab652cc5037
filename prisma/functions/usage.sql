-- Counts the fetches that the audit log holds and that were not counted yet: exact, however often it is cut off.
--
-- "Last used" is moved on a hundred rows at a time, each hundred in a transaction of its own, so that no change of a
-- credential waits long for it; rows are locked in the order of their ids, as the journal writes them, so that the two
-- never wait for each other both. What is cut off there is done again, since the mark moves last. Of two that count at
-- once, one counts.
CREATE OR REPLACE PROCEDURE count_uses(org uuid) LANGUAGE plpgsql
  AS $$
DECLARE
  counted bigint;
  last bigint;
  ids uuid[];
  times timestamptz[];
  since timestamptz;
BEGIN
  PERFORM look_for(org, 'whole', '');
  counted := coalesce((SELECT m.seq FROM usage_mark m WHERE m.org_id = org), 0);
  last := (SELECT h.seq FROM audit_head h WHERE h.org_id = org);
  IF last IS NULL OR last = counted THEN
    RETURN;
  END IF;
  -- Where in time the uncounted begin, so that older partitions are left alone.
  since := coalesce((SELECT min(s.from_at) FROM audit_span s WHERE s.org_id = org
    AND s.first_seq >= (SELECT max(b.first_seq) FROM audit_span b WHERE b.org_id = org AND b.first_seq <= counted + 1)), '-infinity');
  SELECT array_agg(u.id ORDER BY u.id), array_agg(u.at ORDER BY u.id) INTO ids, times
    FROM (SELECT e.target_id::uuid AS id, max(e.at) AS at FROM audit_event e
           WHERE e.org_id = org AND e.seq > counted AND e.seq <= last AND e.at >= since AND e.action = 'secret.fetched' AND e.outcome = 'done'
           GROUP BY 1) u;
  FOR at IN 1 .. coalesce(cardinality(ids), 0) BY 100 LOOP
    PERFORM 1 FROM credential c WHERE c.org_id = org AND c.id = ANY (ids[at : at + 99]) ORDER BY c.id FOR NO KEY UPDATE;
    UPDATE credential c SET last_used_at = u.at FROM unnest(ids[at : at + 99], times[at : at + 99]) AS u(id, at)
     WHERE c.org_id = org AND c.id = u.id AND (c.last_used_at IS NULL OR c.last_used_at < u.at);
    COMMIT;
    PERFORM look_for(org, 'whole', '');
  END LOOP;
  INSERT INTO usage_mark (org_id, seq) VALUES (org, 0) ON CONFLICT DO NOTHING;
  UPDATE usage_mark m SET seq = last WHERE m.org_id = org AND m.seq = counted;
  IF NOT FOUND THEN
    RETURN;
  END IF;
  INSERT INTO credential_use (org_id, credential_id, service_account_id, day, fetches, last_at, last_version)
    SELECT org, e.target_id::uuid, e.actor_id::uuid, (e.at AT TIME ZONE 'UTC')::date, count(*)::int, max(e.at), max(e.version)
      FROM audit_event e
     WHERE e.org_id = org AND e.seq > counted AND e.seq <= last AND e.at >= since AND e.action = 'secret.fetched' AND e.outcome = 'done'
     GROUP BY 2, 3, 4
    ON CONFLICT (org_id, credential_id, service_account_id, day) DO UPDATE
      SET fetches = credential_use.fetches + excluded.fetches, last_at = greatest(credential_use.last_at, excluded.last_at),
          last_version = greatest(credential_use.last_version, excluded.last_version);
  INSERT INTO token_use (org_id, token_id, credential_id, last_at)
    SELECT org, e.token_id, e.target_id::uuid, max(e.at)
      FROM audit_event e
     WHERE e.org_id = org AND e.seq > counted AND e.seq <= last AND e.at >= since AND e.action = 'secret.fetched' AND e.outcome = 'done'
       AND e.token_id IS NOT NULL
     GROUP BY 2, 3
    ON CONFLICT (org_id, token_id, credential_id) DO UPDATE SET last_at = greatest(token_use.last_at, excluded.last_at);
END $$;

-- An organisation that goes takes it along, whichever way it goes.
CREATE OR REPLACE FUNCTION forget_plugin_instances() RETURNS trigger LANGUAGE plpgsql
  AS $$
BEGIN
  DELETE FROM plugin_instance i WHERE i.org_id = NEW.id;
  RETURN NULL;
END $$;
