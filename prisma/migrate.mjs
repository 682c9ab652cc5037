#!/usr/bin/env node
// Applies prisma/migrations/*/migration.sql the way `prisma migrate deploy` does: same table, checksum,
// lock and failure rules, so the two can be mixed. Needs only `pg`.
import { createHash, randomUUID } from 'node:crypto'
import { readdirSync, readFileSync, existsSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'

const LOCK = 72707369 // the schema engine's advisory lock
const TABLE = `CREATE TABLE IF NOT EXISTS "_prisma_migrations" (
  id VARCHAR(36) PRIMARY KEY NOT NULL, checksum VARCHAR(64) NOT NULL, finished_at TIMESTAMPTZ,
  migration_name VARCHAR(255) NOT NULL, logs TEXT, rolled_back_at TIMESTAMPTZ,
  started_at TIMESTAMPTZ NOT NULL DEFAULT now(), applied_steps_count INTEGER NOT NULL DEFAULT 0)`

export async function migrate(connectionString, dir, log = console.log) {
  const onDisk = readdirSync(dir, { withFileTypes: true })
    .filter((d) => d.isDirectory() && existsSync(join(dir, d.name, 'migration.sql')))
    .map((d) => d.name).sort()
    .map((name) => {
      const sql = readFileSync(join(dir, name, 'migration.sql'), 'utf8')
      return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') }
    })
  const db = new pg.Client({ connectionString, options: '-c timezone=UTC' })
  await db.connect()
  try {
    await db.query('SELECT pg_advisory_lock($1)', [LOCK])
    await db.query(TABLE)
    const { rows } = await db.query('SELECT migration_name, checksum, finished_at, started_at FROM "_prisma_migrations" WHERE rolled_back_at IS NULL ORDER BY started_at')
    const failed = rows.find((r) => !r.finished_at)
    if (failed) throw new Error(`migration ${failed.migration_name} failed at ${failed.started_at.toISOString()}; mend it, then prisma migrate resolve`)
    const done = new Map(rows.map((r) => [r.migration_name, r.checksum]))
    for (const m of onDisk) if (done.has(m.name) && done.get(m.name) !== m.checksum) log(`warning: ${m.name} was changed after it was applied`)
    const pending = onDisk.filter((m) => !done.has(m.name))
    for (const m of pending) {
      const id = randomUUID()
      await db.query('INSERT INTO "_prisma_migrations" (id, checksum, migration_name) VALUES ($1, $2, $3)', [id, m.checksum, m.name])
      try {
        await db.query(m.sql) // no parameters: simple protocol, the whole script at once
      } catch (e) {
        await db.query('ROLLBACK')
        await db.query('UPDATE "_prisma_migrations" SET logs = $2 WHERE id = $1', [id, `${e.code}: ${e.message}`])
        throw new Error(`migration ${m.name} failed: ${e.message}`, { cause: e })
      }
      await db.query('UPDATE "_prisma_migrations" SET finished_at = now(), applied_steps_count = applied_steps_count + 1 WHERE id = $1', [id])
      log(`applied ${m.name}`)
    }
    return pending.map((m) => m.name)
  } finally {
    await db.end() // also gives the lock back
  }
}
if (import.meta.url === `file://${process.argv[1]}`) {
  const applied = await migrate(process.env.DATABASE_URL, process.argv[2] ?? 'prisma/migrations').catch((e) => { console.error(e.message); process.exit(1) })
  console.log(applied.length ? `${applied.length} applied` : 'no pending migrations')
}
