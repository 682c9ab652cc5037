-- Which programs the schema still serves: those that know every migration up to `serves_from`. Each migration says it anew, by its own
-- name; where the newest one has not, no older program is served.
CREATE TABLE "schema_compatibility" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "migration" TEXT NOT NULL,
    "serves_from" TEXT NOT NULL,

    CONSTRAINT "schema_compatibility_pkey" PRIMARY KEY ("id")
);
ALTER TABLE schema_compatibility ADD CONSTRAINT schema_compatibility_single CHECK (id = 1);
INSERT INTO schema_compatibility (migration, serves_from) VALUES ('20261201000600_compatibility', '20261201000600_compatibility');
GRANT SELECT ON schema_compatibility TO latchkey_app;
