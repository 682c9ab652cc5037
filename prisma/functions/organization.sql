CREATE OR REPLACE FUNCTION test_required_in(org uuid) RETURNS boolean LANGUAGE plpgsql
  AS $$
BEGIN
  PERFORM set_config('app.org_id', org::text, true);
  RETURN (SELECT o.require_test_before_save FROM organization o WHERE o.id = org);
END $$;

-- The end of an organisation: every secret goes, the rows that the audit log speaks of stay where a reader needs them. What is
-- kept beside the rows goes in one step each. The caller's transaction holds the organisation's lock, and writes the event.
CREATE OR REPLACE FUNCTION shred_organization(org uuid, at timestamptz, who text) RETURNS void LANGUAGE plpgsql
  AS $$
BEGIN
  PERFORM look_for(org, 'whole', '');
  PERFORM set_config('app.shredded', org::text, true);
  UPDATE credential SET sealed = NULL, key_id = NULL, config = '{}', secret_info = '{}', account_email = NULL, summary = '',
      search = '', external_id = NULL, owner_id = NULL, active = false, deleted_at = coalesce(deleted_at, at), updated_at = at,
      modified_by = who, version = version + 1
    WHERE org_id = org;
  DELETE FROM access_grant WHERE org_id = org;
  DELETE FROM access_request WHERE org_id = org;
  DELETE FROM access_group WHERE org_id = org;
  DELETE FROM token_secret WHERE org_id = org;
  DELETE FROM api_token WHERE org_id = org;
  DELETE FROM service_account WHERE org_id = org;
  DELETE FROM person_link WHERE org_id = org;
  DELETE FROM session WHERE org_id = org;
  DELETE FROM user_account WHERE org_id = org;
  DELETE FROM idempotency_key WHERE org_id = org;
  DELETE FROM connection_test WHERE org_id = org;
  DELETE FROM credential_use WHERE org_id = org;
  DELETE FROM token_use WHERE org_id = org;
  DELETE FROM provider_revocation WHERE org_id = org;
  DELETE FROM credential_change WHERE org_id = org;
  DELETE FROM provider_definition WHERE org_id = org;
  DELETE FROM audit_stream WHERE org_id = org;
  -- The name is free again; the audit log knows it.
  UPDATE organization SET name = 'deleted ' || org::text, active = false, deleted_at = at, updated_at = at,
      version = version + 1
    WHERE id = org;
END $$;

-- Its parts, before it was one.
DROP FUNCTION IF EXISTS shred_organization_rows(uuid, timestamptz, text);
