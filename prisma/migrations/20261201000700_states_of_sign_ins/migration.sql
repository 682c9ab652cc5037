-- A state is 32 random bytes: that no two are the same needs no rule over all organisations, which a database sharded by them could not hold.
-- briefly: rows are deleted ten minutes after they were made
CREATE UNIQUE INDEX "authorization_flow_org_id_state_digest_key" ON "authorization_flow"("org_id", "state_digest");
-- briefly: as above
CREATE INDEX "authorization_flow_state_digest_idx" ON "authorization_flow"("state_digest");
-- unused since 20261201000700_states_of_sign_ins
DROP INDEX "authorization_flow_state_digest_key";

UPDATE schema_compatibility SET migration = '20261201000700_states_of_sign_ins', serves_from = '20261201000600_compatibility';
