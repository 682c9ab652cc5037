// The same statements straight against PostgreSQL, by pgbench with prepared statements and no application between.
import { execFile } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import pg from "pg";

const execute = promisify(execFile);
const columns =
  "id, name, provider, type, tags, summary, config, secret_info, version, active, expires_at, health, last_used_at, created_at, updated_at, modified_by";
const id = "('018f0000-0000-7000-8000-' || lpad(to_hex(:n::int), 12, '0'))::uuid";

const scripts = ({ orgId, count }) => ({
  select: `\\set n random(0, ${count - 1})\nSELECT ${columns}, sealed FROM credential WHERE org_id = '${orgId}' AND id = ${id};\n`,
  list: `SELECT ${columns} FROM credential WHERE org_id = '${orgId}' AND deleted_at IS NULL ORDER BY created_at DESC, id DESC LIMIT 50;\n`,
  update: `\\set n random(0, ${count - 1})
BEGIN;
UPDATE credential SET updated_at = now(), version = version + 1, modified_by = 'pgbench' WHERE org_id = '${orgId}' AND id = ${id};
INSERT INTO audit_event (org_id, seq, at, actor_kind, actor_id, actor_name, action, outcome, fields, request_id, address, prev_hash, hash)
  VALUES ('00000000-0000-0000-0000-00000000beac', nextval('bench_seq'), now(), 'user', 'pgbench', 'pgbench', 'credential.updated', 'done',
    ARRAY['credentials'], 'pgbench', '127.0.0.1', decode('00', 'hex'), decode('00', 'hex'));
COMMIT;
`,
});

/** Prepares the database for the baseline's own inserts. */
export async function prepareBaseline(ownerUrl) {
  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  await client.query("CREATE SEQUENCE IF NOT EXISTS bench_seq");
  await client.query("ANALYZE");
  await client.end();
}

/** Transactions per second of one statement. */
export async function baseline(database, seeded, name, clients, seconds) {
  const file = join(mkdtempSync(join(tmpdir(), "latchkey-pgbench-")), `${name}.sql`);
  writeFileSync(file, scripts(seeded)[name]);
  const args = ["-n", "-M", "prepared", "-c", String(clients), "-j", "1", "-T", String(seconds), "-f", file];
  const url = new URL(database.ownerUrl);
  const env = {
    ...process.env,
    PGHOST: url.hostname,
    PGPORT: url.port,
    PGUSER: url.username,
    PGPASSWORD: decodeURIComponent(url.password),
  };
  const { stdout } = await execute("pgbench", [...args, url.pathname.slice(1)], { env });
  return Number(/tps = ([\d.]+)/.exec(stdout)?.[1]);
}
