-- Key rotation goes on after the last row that it looked at, organisation by organisation: it never walks over what it has
-- done already.
DROP INDEX credential_key;
CREATE INDEX credential_key ON credential (key_id, org_id, id) WHERE sealed IS NOT NULL;
DROP INDEX credential_rotation_key;
CREATE INDEX credential_rotation_key ON credential_rotation (key_id, org_id, id) WHERE sealed IS NOT NULL;
