-- The right to go on with one rotation: one holder at a time, over all instances.
CREATE OR REPLACE FUNCTION take_rotation(org uuid, wanted uuid, holder uuid, seconds integer) RETURNS boolean LANGUAGE plpgsql
  AS $$
BEGIN
  PERFORM look_for(org, 'whole', '');
  UPDATE credential_rotation r SET lease = holder, lease_until = now() + make_interval(secs => seconds)
    WHERE r.org_id = org AND r.id = wanted AND r.ended_at IS NULL
      AND (r.lease IS NULL OR r.lease = holder OR r.lease_until < now());
  RETURN FOUND;
END $$;

-- What the background may look at next. Reads over all organisations; taking the lease is each one's own.
CREATE OR REPLACE FUNCTION rotations_due(at_most integer) RETURNS TABLE (org_id uuid, id uuid) LANGUAGE plpgsql
  AS $$
BEGIN
  PERFORM set_config('app.scope', 'platform', true);
  RETURN QUERY
    SELECT r.org_id, r.id FROM credential_rotation r
     WHERE r.ended_at IS NULL AND r.retry_at <= now() AND (r.lease IS NULL OR r.lease_until < now())
     ORDER BY r.retry_at LIMIT at_most;
  PERFORM set_config('app.scope', '', true);
END $$;

-- What is on its way for a credential goes with it.
CREATE OR REPLACE FUNCTION abandon_rotation() RETURNS trigger LANGUAGE plpgsql
  AS $$
BEGIN
  UPDATE credential_rotation r SET phase = 'abandoned', reason = 'credential_deleted', sealed = NULL, key_id = NULL,
      lease = NULL, lease_until = NULL, retry_at = NULL, ended_at = now()
    WHERE r.org_id = NEW.org_id AND r.credential_id = NEW.id AND r.ended_at IS NULL;
  RETURN NULL;
END $$;
