-- The journal's road: events, writes and the head's step in one statement, if the chain still ends where the caller
-- believes it does. Says what it did:
--   stored    all of it
--   moved     nothing: the chain ends elsewhere, at `seq` and `hash`
--   no_chain  nothing: the organisation has no chain, which is damage
-- A write that cannot be done undoes the whole statement, because every later event's hash counts on it: LK001, whose detail
-- holds why, by the id of the write. So does the fetch of a secret past the last event that may be one: LK003.
-- Of each write, the ciphertext has the same place in `secrets`.
CREATE OR REPLACE FUNCTION write_events(org uuid, expected_seq bigint, expected_hash bytea, next_seq bigint, next_hash bytea,
  events jsonb, writes jsonb, secrets bytea[]) RETURNS TABLE (outcome text, seq bigint, hash bytea) LANGUAGE plpgsql
  AS $$
DECLARE
  n jsonb;
  at integer;
  verdict jsonb;
  refused jsonb := '{}';
  until_seq bigint;
BEGIN
  PERFORM look_for(org, 'whole', '');
  UPDATE audit_head h SET seq = next_seq, hash = next_hash
    WHERE h.org_id = org AND h.seq = expected_seq AND h.hash = expected_hash RETURNING h.fetches_until INTO until_seq;
  IF NOT FOUND THEN
    RETURN QUERY SELECT 'moved', h.seq, h.hash FROM audit_head h WHERE h.org_id = org;
    IF NOT FOUND THEN
      RETURN QUERY SELECT 'no_chain', NULL::bigint, NULL::bytea;
    END IF;
    RETURN;
  END IF;
  IF next_seq > until_seq AND events @> '[{"action": "secret.fetched", "outcome": "done"}]' THEN
    RAISE EXCEPTION 'a receiver of the audit log is too far behind' USING ERRCODE = 'LK003';
  END IF;
  IF writes IS NOT NULL THEN
    FOR n, at IN SELECT * FROM jsonb_array_elements(writes) WITH ORDINALITY LOOP
      verdict := apply_write(org, n, secrets[at]);
      IF verdict IS NOT NULL THEN
        refused := refused || jsonb_build_object(n->>'id', verdict);
      END IF;
    END LOOP;
    IF refused <> '{}' THEN
      RAISE EXCEPTION 'writes were refused' USING ERRCODE = 'LK001', DETAIL = refused::text;
    END IF;
  END IF;
  PERFORM insert_audit_events(events);
  RETURN QUERY SELECT 'stored', next_seq, next_hash;
END $$;
