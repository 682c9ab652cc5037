import { fileURLToPath } from "node:url";
import { defineConfig } from "prisma/config";

// The schema engine runs as WebAssembly inside schema-engine.mjs, so no native binary is downloaded.
// Windows cannot spawn a script, so there Prisma uses its own.
if (process.platform !== "win32") {
  process.env.PRISMA_SCHEMA_ENGINE_BINARY ??= fileURLToPath(new URL("./schema-engine.mjs", import.meta.url));
}

export default defineConfig({
  schema: "schema.prisma",
  migrations: { path: "migrations" },
  // Partitioned by month, which the schema language has no words for: its key is each partition's own.
  experimental: { externalTables: true },
  tables: { external: ["public.audit_event"] },
  // `generate` must work without a database.
  datasource: { url: process.env.DATABASE_URL ?? "postgresql://localhost/none" },
});
