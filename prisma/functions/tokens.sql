-- Who sends a token: the secret, its token with its limits, owner and organisation in one statement.
CREATE OR REPLACE FUNCTION caller_of(wanted bytea) RETURNS TABLE (
  org_id uuid, org_active boolean, token_id uuid, token_name text, token_active boolean, scopes text[],
  expires_at timestamptz, revoked_at timestamptz,
  superseded boolean, weak boolean, secret_expires_at timestamptz, secret_last_used_at timestamptz,
  user_id uuid, user_name text, user_email text, user_role text, user_status text,
  service_account_id uuid, service_account_name text, service_account_status text,
  token_set_up_by text, token_confirmed_at timestamptz, user_set_up_by text, user_confirmed_at timestamptz,
  limits jsonb
) LANGUAGE plpgsql
  AS $$
BEGIN
  PERFORM set_config('app.scope', 'authentication', true);
  RETURN QUERY
    SELECT t.org_id, o.active, t.id, t.name, t.active, t.scopes, t.expires_at, t.revoked_at,
           k.kind = 'superseded', k.weak, k.expires_at, k.last_used_at,
           u.id, u.name, u.email, u.role, u.status, s.id, s.name, s.status,
           t.set_up_by, t.confirmed_at, u.set_up_by, u.confirmed_at,
           t.limits
      FROM token_secret k
      JOIN api_token t ON t.org_id = k.org_id AND t.id = k.token_id
      JOIN organization o ON o.id = t.org_id
      LEFT JOIN user_account u ON u.org_id = t.org_id AND u.id = t.user_id
      LEFT JOIN service_account s ON s.org_id = t.org_id AND s.id = t.service_account_id
     WHERE k.digest = wanted;
  -- Within a longer transaction the widened reading must end here.
  PERFORM set_config('app.scope', '', true);
END $$;
