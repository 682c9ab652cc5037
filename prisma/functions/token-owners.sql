-- A token that works belongs to somebody who is there. A revoked one keeps the id of its owner, also of one who is deleted, which is
-- why no foreign key can say this. Both sides are looked at under the lock that a foreign key would take.
CREATE OR REPLACE FUNCTION require_token_owner() RETURNS trigger LANGUAGE plpgsql
  AS $$
BEGIN
  IF NEW.user_id IS NOT NULL THEN
    PERFORM 1 FROM user_account u WHERE u.org_id = NEW.org_id AND u.id = NEW.user_id FOR KEY SHARE;
  ELSE
    PERFORM 1 FROM service_account s WHERE s.org_id = NEW.org_id AND s.id = NEW.service_account_id FOR KEY SHARE;
  END IF;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'a token needs an owner that is there' USING ERRCODE = 'foreign_key_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER token_owned AFTER INSERT OR UPDATE OF user_id, service_account_id, revoked_at ON api_token
  FOR EACH ROW WHEN (NEW.revoked_at IS NULL) EXECUTE FUNCTION require_token_owner();

CREATE OR REPLACE FUNCTION refuse_orphaned_tokens() RETURNS trigger LANGUAGE plpgsql
  AS $$
BEGIN
  IF EXISTS (SELECT FROM api_token t WHERE t.org_id = OLD.org_id AND t.revoked_at IS NULL
    AND OLD.id IN (t.user_id, t.service_account_id)) THEN
    RAISE EXCEPTION 'tokens of this owner still work' USING ERRCODE = 'foreign_key_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER tokens_ended AFTER DELETE ON user_account
  FOR EACH ROW EXECUTE FUNCTION refuse_orphaned_tokens();
CREATE OR REPLACE TRIGGER tokens_ended AFTER DELETE ON service_account
  FOR EACH ROW EXECUTE FUNCTION refuse_orphaned_tokens();
