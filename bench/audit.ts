import { randomBytes } from "node:crypto";
import pg from "pg";
import { grantAccess } from "@/lib/access";
import type { Actor } from "@/lib/authorization/actor";
import { createCredential, fetchSecret } from "@/lib/credentials";
import { createUser } from "@/lib/identity";
import { createServiceAccount } from "@/lib/identity/tokens";
import { createOrganization, platformActor } from "@/lib/organizations";
import { type AuditFilter, listAuditEvents } from "@/lib/platform/audit/history";
import { disconnect } from "@/lib/platform/db";
import { ready } from "@/lib/platform/readiness";

/** Two organisations with audit logs, and what is asked of them. Prints the times. */
const SMALL = 10_000;
const MONTHS = 60;
const CHUNK = 250_000;
const CALLS = 150;

const [ownerUrl, wanted] = process.argv.slice(2);
const large = Number(wanted);

interface Filled {
  admin: Actor;
  program: Actor;
  credentialId: string;
  events: number;
}

const owner = new pg.Client({ connectionString: ownerUrl });

async function organization(events: number, months: number): Promise<Filled> {
  const { id: orgId } = await createOrganization(platformActor("bench"), { name: `Audit ${events}` });
  const system = platformActor("bench", orgId);
  const password = `bench-${randomBytes(12).toString("hex")}`;
  const user = await createUser(system, { email: `a${events}@example.test`, role: "org_admin", password });
  const account = await createServiceAccount(system, { name: "bench" });
  const subject = { kind: "service_account", id: account.id } as const;
  await grantAccess(system, { subject, reach: "all", key: "", rights: ["use", "manage"] });
  const actor = { orgId, requestId: "bench", address: "192.0.2.1" };
  const admin: Actor = { ...actor, kind: "user", id: user.id, name: "a", role: "org_admin" };
  const program: Actor = { ...actor, kind: "service_account", id: account.id, name: "b", role: "integration" };
  const data = { host: "sftp.example.com", port: 22, username: "a", password: "b" };
  const { id: credentialId } = await createCredential(admin, { provider: "sftp", type: "user_password", data });
  await fill(orgId, events, months);
  return { admin, program, credentialId, events };
}

/** Events whose hashes are not true: nothing here looks at them but the next one's place. */
async function fill(orgId: string, events: number, months: number): Promise<void> {
  const { rows } = await owner.query("SELECT seq FROM audit_head WHERE org_id = $1", [orgId]);
  const first = Number(rows[0].seq) + 1;
  for (let from = 0; from < events; from += CHUNK) {
    await owner.query(FILL, [orgId, first, from, Math.min(from + CHUNK, events) - 1, events, months]);
  }
  await owner.query(
    `UPDATE audit_head h SET seq = e.seq, hash = e.hash FROM audit_event e WHERE h.org_id = $1 AND e.org_id = $1 AND e.seq = $2`,
    [orgId, first + events - 1],
  );
  await owner.query("DELETE FROM audit_span WHERE org_id = $1", [orgId]);
  await owner.query(SPANS, [orgId]);
  await owner.query(
    "INSERT INTO usage_mark (org_id, seq) VALUES ($1, $2) ON CONFLICT (org_id) DO UPDATE SET seq = $2",
    [orgId, first + events - 1],
  );
}

const FILL = `INSERT INTO audit_event (org_id, seq, at, actor_kind, actor_id, actor_name, action, outcome, target_type, target_id,
    target_name, fields, request_id, address, prev_hash, hash)
  SELECT $1::uuid, $2::bigint + n, now() - make_interval(secs => ($5::bigint - n) * ($6::float8 * 30 * 86400) / $5::float8),
    'service_account', 'actor-' || n % 50, 'Program ' || n % 50,
    CASE WHEN n % 1000 = 0 THEN 'user.signed_in' WHEN n % 10 = 0 THEN 'credential.updated' ELSE 'secret.fetched' END,
    CASE WHEN n % 2000 = 1 THEN 'refused' ELSE 'done' END, 'credential', 'target-' || n % 1000, 'Credential ' || n % 1000, '{}',
    'request', '192.0.2.1', sha256(n::text::bytea), sha256((n + 1)::text::bytea)
  FROM generate_series($3::bigint, $4::bigint) n`;
const SPANS = `INSERT INTO audit_span SELECT $1, min(seq), date_trunc('month', at), date_trunc('month', at) + interval '1 month'
  FROM audit_event WHERE org_id = $1 GROUP BY date_trunc('month', at)`;

/** As five years of use leave them. */
async function partitions(): Promise<void> {
  await owner.query("ALTER TABLE audit_event DETACH PARTITION audit_event_before");
  await owner.query(`DO $$ DECLARE month timestamptz; name text; BEGIN
    FOR month IN SELECT date_trunc('month', now()) - make_interval(months => n) FROM generate_series(1, ${MONTHS + 1}) n LOOP
      name := 'audit_event_' || to_char(month, 'YYYY_MM');
      EXECUTE format('CREATE TABLE %I (LIKE audit_event_default INCLUDING DEFAULTS INCLUDING CONSTRAINTS)', name);
      EXECUTE format('ALTER TABLE audit_event ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', name, month, month + interval '1 month');
    END LOOP; END $$`);
}

/** Behind the rows: so many are there sooner. */
async function indexes(): Promise<void> {
  await owner.query(`DO $$ DECLARE one record; BEGIN
    FOR one IN SELECT i.inhrelid::regclass AS name, x.indexdef FROM pg_inherits i, pg_indexes x
      WHERE i.inhparent = 'audit_event'::regclass AND x.tablename = 'audit_event_default'
        AND NOT EXISTS (SELECT FROM pg_index p WHERE p.indrelid = i.inhrelid)
    LOOP
      EXECUTE regexp_replace(one.indexdef, 'INDEX \\S+ ON \\S+', format('INDEX ON %s', one.name));
    END LOOP; END $$`);
}

const DAY = 86_400_000;
const ago = (days: number) => new Date(Date.now() - days * DAY);

const page = (filter: AuditFilter, at?: number) => (of: Filled) =>
  listAuditEvents(of.admin, filter, at === undefined ? undefined : String(Math.round(of.events * at)));

const operations: Record<string, (of: Filled) => Promise<unknown>> = {
  fetch: ({ program, credentialId }) => fetchSecret(program, credentialId),
  page: page({}),
  "page in the middle": page({}, 0.5),
  "page by action": page({ action: "credential.updated" }),
  "page by rare action": page({ action: "user.signed_in" }),
  "page by actor": page({ actorId: "actor-7" }),
  "page by target": page({ targetId: "target-7" }),
  "page by outcome": page({ outcome: "done" }),
  "page by rare outcome": page({ outcome: "refused" }),
  "page of three days": page({ from: ago(6), to: ago(3) }),
  "page by actor of three days": page({ actorId: "actor-7", from: ago(6), to: ago(3) }),
};

/**
 * What a call takes, in milliseconds, when nothing else is in its way: of many the fastest tenth's slowest. The organisations take turns, so
 * that a slow minute hits both.
 */
async function measured(all: Filled[], work: (of: Filled) => Promise<unknown>): Promise<number[]> {
  const times = all.map(() => [] as number[]);
  for (let call = 0; call < CALLS; call++) {
    for (const [at, of] of all.entries()) {
      const begun = performance.now();
      await work(of);
      times[at]?.push(performance.now() - begun);
    }
  }
  return times.map((some) => some.sort((a, b) => a - b)[CALLS / 10] ?? 0);
}

const SCANS = `SELECT count(*)::int AS count, coalesce(sum(s.seq_scan) FILTER (WHERE s.n_live_tup > 1000), 0)::int AS scans
  FROM pg_stat_user_tables s JOIN pg_inherits i ON i.inhrelid = s.relid WHERE i.inhparent = 'audit_event'::regclass`;
const scans = async () => {
  // Numbers of other sessions get there within a second.
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  return (await owner.query<{ count: number; scans: number }>(SCANS)).rows[0] ?? { count: 0, scans: 0 };
};

await ready();
await owner.connect();
await owner.query(
  "SET session_replication_role = replica; SET synchronous_commit = off; SET timezone = 'UTC'; SET maintenance_work_mem = '512MB'",
);
const small = await organization(SMALL, 0.001);
await owner.query("ANALYZE audit_event");
const alone: Record<string, number> = {};
for (const [name, work] of Object.entries(operations)) alone[name] = (await measured([small], work))[0] ?? 0;
await partitions();
const big = await organization(large, MONTHS - 1);
await indexes();
await owner.query("VACUUM ANALYZE audit_event");
const rows = [];
for (const [name, work] of Object.entries(operations)) {
  const before = await scans();
  const [few = 0, many = 0] = await measured([small, big], work);
  const ms = (time: number) => Number(time.toFixed(2));
  rows.push({
    operation: name,
    [`${SMALL}, alone`]: ms(alone[name] ?? 0),
    [SMALL]: ms(few),
    [large]: ms(many),
    ratio: ms(many / few),
    "ratio to alone": ms(many / (alone[name] ?? 1)),
    "sequential scans": (await scans()).scans - before.scans,
  });
}
process.stdout.write(JSON.stringify({ rows, partitions: (await scans()).count }));
await owner.end();
await disconnect();
