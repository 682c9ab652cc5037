-- The one flow of this state, which is gone afterwards: a state is good once.
CREATE OR REPLACE FUNCTION take_authorization(wanted bytea) RETURNS SETOF authorization_flow LANGUAGE plpgsql
  AS $$
DECLARE
  org uuid;
BEGIN
  PERFORM set_config('app.scope', 'authentication', true);
  SELECT f.org_id INTO org FROM authorization_flow f WHERE f.state_digest = wanted;
  PERFORM set_config('app.scope', '', true);
  IF org IS NULL THEN
    RETURN;
  END IF;
  PERFORM look_for(org, 'whole', '');
  RETURN QUERY DELETE FROM authorization_flow f WHERE f.org_id = org AND f.state_digest = wanted RETURNING f.*;
END $$;

-- The right to renew one credential, for as long as a provider may take to answer. One holder at a time, over all
-- instances, and none while a failure is being waited out or once the data has moved on.
CREATE OR REPLACE FUNCTION take_refresh_lease(org uuid, wanted uuid, of_version integer, holder uuid, seconds integer)
  RETURNS TABLE (taken boolean, retry_at timestamptz) LANGUAGE plpgsql
  AS $$
BEGIN
  PERFORM look_for(org, 'whole', '');
  UPDATE credential c SET refresh_lease = holder, refresh_lease_until = now() + make_interval(secs => seconds)
    WHERE c.org_id = org AND c.id = wanted AND c.sealed_version = of_version AND c.deleted_at IS NULL
      AND (c.refresh_lease_until IS NULL OR c.refresh_lease_until < now())
      AND (c.refresh_retry_at IS NULL OR c.refresh_retry_at <= now());
  IF FOUND THEN
    RETURN QUERY SELECT true, NULL::timestamptz;
  ELSE
    RETURN QUERY SELECT false, c.refresh_retry_at FROM credential c WHERE c.org_id = org AND c.id = wanted;
  END IF;
END $$;

-- Gives the right back after a failure; nobody tries before `retry`. Answers how often in a row it has failed.
CREATE OR REPLACE FUNCTION fail_refresh(org uuid, wanted uuid, holder uuid, first_wait integer, longest_wait integer)
  RETURNS timestamptz LANGUAGE plpgsql
  AS $$
DECLARE
  retry timestamptz;
BEGIN
  PERFORM look_for(org, 'whole', '');
  UPDATE credential c SET refresh_lease = NULL, refresh_lease_until = NULL, refresh_failures = c.refresh_failures + 1,
      -- Doubling, and spread by a quarter, so that many credentials of one provider do not come back together.
      refresh_retry_at = now() + make_interval(secs =>
        least(longest_wait, first_wait * 2 ^ least(c.refresh_failures, 20)) * (0.875 + random() * 0.25))
    WHERE c.org_id = org AND c.id = wanted AND c.refresh_lease = holder
    RETURNING c.refresh_retry_at INTO retry;
  RETURN retry;
END $$;

-- What a background job may look at next, of organisations that are active: nothing is asked at a provider on behalf of one that
-- was switched off. Reads over all organisations; taking the lease is each one's own.
CREATE OR REPLACE FUNCTION refreshes_due(at_most integer) RETURNS TABLE (org_id uuid, id uuid) LANGUAGE plpgsql
  AS $$
BEGIN
  PERFORM set_config('app.scope', 'platform', true);
  RETURN QUERY
    SELECT c.org_id, c.id FROM credential c JOIN organization o ON o.id = c.org_id
     WHERE c.refresh_at <= now() AND c.deleted_at IS NULL AND c.active AND NOT c.needs_reauth
       AND o.active AND o.deleted_at IS NULL
       AND (c.refresh_lease_until IS NULL OR c.refresh_lease_until < now())
       AND (c.refresh_retry_at IS NULL OR c.refresh_retry_at <= now())
     ORDER BY c.refresh_at LIMIT at_most;
  PERFORM set_config('app.scope', '', true);
END $$;
