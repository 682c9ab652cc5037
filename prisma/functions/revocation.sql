-- The right to ask the provider: one holder at a time, over all instances.
CREATE OR REPLACE FUNCTION take_revocation(org uuid, wanted uuid, holder uuid, seconds integer) RETURNS SETOF provider_revocation LANGUAGE plpgsql
  AS $$
BEGIN
  PERFORM look_for(org, 'whole', '');
  RETURN QUERY
    UPDATE provider_revocation r SET lease = holder, lease_until = now() + make_interval(secs => seconds)
      WHERE r.org_id = org AND r.credential_id = wanted AND (r.lease IS NULL OR r.lease_until < now())
      RETURNING r.*;
END $$;

-- What is due, over all organisations.
CREATE OR REPLACE FUNCTION revocations_due(at_most integer) RETURNS TABLE (org_id uuid, id uuid) LANGUAGE plpgsql
  AS $$
BEGIN
  PERFORM set_config('app.scope', 'platform', true);
  RETURN QUERY
    SELECT r.org_id, r.credential_id FROM provider_revocation r
     WHERE r.retry_at <= now() AND (r.lease IS NULL OR r.lease_until < now()) ORDER BY r.retry_at LIMIT at_most;
  PERFORM set_config('app.scope', '', true);
END $$;
