-- As before, and for organisations that are active: nothing is asked at a provider on behalf of one that was switched off.
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
