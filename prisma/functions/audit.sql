-- The audit log is written once. The role has no right to change it; this also stops its owner's slips.
CREATE OR REPLACE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql
  AS $$ BEGIN RAISE EXCEPTION 'audit events are never changed'; END $$;

CREATE OR REPLACE FUNCTION insert_audit_events(events jsonb) RETURNS void LANGUAGE plpgsql
  AS $$
BEGIN
  INSERT INTO audit_event (org_id, seq, at, actor_kind, actor_id, actor_name, action, outcome, reason, target_type,
    target_id, target_name, fields, version, key_id, sealed_hash, request_id, address, token_id, prev_hash, hash)
  SELECT (e->>'orgId')::uuid, (e->>'seq')::bigint, (e->>'at')::timestamptz, e->>'actorKind', e->>'actorId',
    e->>'actorName', e->>'action', e->>'outcome', e->>'reason', e->>'targetType', e->>'targetId', e->>'targetName',
    ARRAY(SELECT jsonb_array_elements_text(e->'fields')), (e->>'version')::int, e->>'keyId',
    decode(e->>'sealedHash', 'hex'), e->>'requestId', e->>'address', (e->>'tokenId')::uuid, decode(e->>'prevHash', 'hex'),
    decode(e->>'hash', 'hex')
    FROM jsonb_array_elements(events) e;
END $$;
