-- The platform's administrators name a person by id alone, whichever organisation that person is in.
CREATE INDEX "user_account_id_idx" ON "user_account"("id");
CREATE POLICY platform ON user_account FOR SELECT USING ((SELECT app_scope()) = 'platform');
