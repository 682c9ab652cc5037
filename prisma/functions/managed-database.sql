-- The right to make an organisation's database: the first who asks, or whoever comes after one that was cut off. Answers the
-- credential's id, reserved for all who try; null while somebody else is at it or when it is made and in use.
CREATE OR REPLACE FUNCTION claim_managed_database(org uuid, fresh uuid, holder uuid, seconds integer) RETURNS uuid LANGUAGE plpgsql
  AS $$
DECLARE
  claimed uuid;
BEGIN
  PERFORM look_for(org, 'whole', '');
  INSERT INTO managed_database (org_id, credential_id, lease, lease_until)
    VALUES (org, fresh, holder, now() + make_interval(secs => seconds))
    ON CONFLICT (org_id) DO UPDATE SET lease = holder, lease_until = now() + make_interval(secs => seconds), made_at = NULL,
      -- A deleted credential keeps its id for the audit trail, so what is made anew gets another.
      credential_id = CASE WHEN managed_database.made_at IS NULL THEN managed_database.credential_id ELSE fresh END
      WHERE (managed_database.lease IS NULL OR managed_database.lease_until < now())
        AND (managed_database.made_at IS NULL OR NOT EXISTS (
          SELECT 1 FROM credential c
           WHERE c.org_id = org AND c.id = managed_database.credential_id AND c.deleted_at IS NULL))
    RETURNING credential_id INTO claimed;
  RETURN claimed;
END $$;
