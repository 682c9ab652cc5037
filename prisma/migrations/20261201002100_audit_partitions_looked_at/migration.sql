-- Takes as long as all events take to read, and stands in nobody's way meanwhile.
ALTER TABLE audit_event VALIDATE CONSTRAINT audit_event_until;

UPDATE schema_compatibility SET migration = '20261201002100_audit_partitions_looked_at', serves_from = '20261201000600_compatibility';
