import { randomUUID } from "node:crypto";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import pg from "pg";
import { expect, onTestFinished, test } from "vitest";
import { migrate } from "./migrate.mjs";

const ours = fileURLToPath(new URL("migrations", import.meta.url));
const ATTACHED = "20261201002200_audit_partitions_attached";
const BEFORE = "20261201002000_audit_partitions";
const CALLERS = 4;
const STORED = 20_000;

/** As the release before has it. */
const OLDER = `CREATE OR REPLACE FUNCTION insert_audit_events(events jsonb) RETURNS void LANGUAGE plpgsql
  AS $$
BEGIN
  INSERT INTO audit_event (org_id, seq, at, actor_kind, actor_id, actor_name, action, outcome, fields, request_id, address, prev_hash, hash)
  SELECT (e->>'orgId')::uuid, (e->>'seq')::bigint, (e->>'at')::timestamptz, 'user', 'x', 'x', 'credential.read', 'done', '{}', 'x', 'x', '', ''
    FROM jsonb_array_elements(events) e;
END $$`;

const EVENT = {
  ...{ actorKind: "user", actorId: "x", actorName: "x", action: "credential.read", outcome: "done", fields: [] },
  ...{ requestId: "x", address: "x", prevHash: "", hash: "" },
};
const WRITE = "SELECT outcome FROM write_events($1, $2, '\\x', $3, '\\x', $4, NULL, '{}')";

test("the log becomes partitions beside an older program that writes: no event is refused or lost, nor where it is cut off", async () => {
  const { url, owner } = await databaseOfMigrator();
  await migrate(url, folder(readdirSync(ours).filter((name) => name < BEFORE || name.endsWith(".toml"))), () => {});
  await owner.query(OLDER);
  const orgs = Array.from({ length: CALLERS }, () => randomUUID());
  for (const org of orgs) {
    await owner.query("INSERT INTO organization (id, name) VALUES ($1, $2)", [org, org]);
    await owner.query("INSERT INTO audit_head (org_id, seq, hash) VALUES ($1, $2, '\\x')", [org, STORED]);
    await owner.query(
      `INSERT INTO audit_event (org_id, seq, at, actor_kind, actor_id, actor_name, action, outcome, fields, request_id, address, prev_hash, hash)
       SELECT $1, n, now() - make_interval(mins => 5 * (${STORED} - n)), 'user', 'x', 'x', 'credential.read', 'done', '{}', 'x', 'x', '', ''
         FROM generate_series(1, ${STORED}) n`,
      [org],
    );
  }
  let going = true;
  const failed: unknown[] = [];
  const written = await Promise.all(
    orgs.map(async (org) => {
      const client = new pg.Client({ connectionString: url, options: "-c role=latchkey_app" });
      await client.connect();
      const state = { last: STORED, ended: Promise.resolve() };
      state.ended = (async () => {
        while (going && failed.length === 0) {
          const seq = state.last + 1;
          const events = JSON.stringify([{ ...EVENT, orgId: org, seq: String(seq), at: new Date().toISOString() }]);
          // Prepared, as the program has it: its plans are of the table that there was.
          const write = { name: "write", text: WRITE, values: [org, seq - 1, seq, events] };
          await client.query(write).then(
            ({ rows }) => rows[0].outcome === "stored" && state.last++,
            (error: unknown) => failed.push(error),
          );
        }
        await client.end();
      })();
      return state;
    }),
  );
  const grown = async () => {
    const at = written.map(({ last }) => last);
    await expect
      .poll(() => failed.length > 0 || written.every(({ last }, one) => last > (at[one] ?? 0)), { interval: 5 })
      .toBe(true);
    expect(failed).toEqual([]);
  };
  await grown();
  const cut = folder(readdirSync(ours), (name, sql) =>
    name === ATTACHED ? `${sql}\nSELECT pg_terminate_backend(pg_backend_pid());` : sql,
  );
  await expect(migrate(url, cut, () => {})).rejects.toThrow("terminating connection");
  expect((await owner.query(KIND)).rows).toEqual([{ kind: "r" }]);
  await grown();
  await migrate(url, ours, () => {});
  expect((await owner.query(KIND)).rows).toEqual([{ kind: "p" }]);
  await grown();
  going = false;
  await Promise.all(written.map(({ ended }) => ended));
  expect(failed).toEqual([]);
  for (const [at, org] of orgs.entries()) {
    const { rows } = await owner.query(
      "SELECT count(*)::int AS count, count(DISTINCT seq)::int AS numbers, max(seq)::int AS last FROM audit_event WHERE org_id = $1",
      [org],
    );
    const last = written[at]?.last;
    expect(rows).toEqual([{ count: last, numbers: last, last }]);
    const { rows: page } = await owner.query("SELECT seq::int FROM audit_events_before($1, NULL, 200, '{}')", [org]);
    expect(page.map(({ seq }) => seq)).toEqual(Array.from({ length: 200 }, (_, n) => (last ?? 0) - n));
  }
  // What the old table was stays as it is for whoever asks for it by its new name.
  await expect(asApplication(url, "SELECT FROM audit_event_before")).rejects.toThrow("permission denied");
  // And the application may let go of what is old, though the owner is bound by row-level security as well.
  const [org = "", other] = orgs;
  await owner.query("INSERT INTO usage_mark (org_id, seq) VALUES ($1, 10000)", [org]);
  const made = {
    fromSeq: 1,
    toSeq: 1000,
    count: 1000,
    hash: "",
    prevHash: "",
    mac: "",
    firstAt: "2000-01-01",
    madeAt: "2000-01-01",
  };
  const text = JSON.stringify({ ...made, lastAt: new Date().toISOString() });
  await asApplication(
    url,
    `SET app.org_id = '${org}'; SELECT expire_audit_events('${org}', 30, '${text}'); SELECT drop_empty_audit_partitions()`,
  );
  const firsts =
    "SELECT org_id, min(seq)::int AS first FROM audit_event WHERE org_id IN ($1, $2) GROUP BY 1 ORDER BY 2";
  expect((await owner.query(firsts, [org, other])).rows).toEqual([
    { org_id: other, first: 1 },
    { org_id: org, first: 1001 },
  ]);
});

const KIND = "SELECT relkind::text AS kind FROM pg_class WHERE oid = 'audit_event'::regclass";

async function asApplication(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, options: "-c role=latchkey_app" });
  await client.connect();
  await client.query(sql).finally(() => client.end());
}

function folder(names: string[], change = (_: string, sql: string) => sql): string {
  const made = mkdtempSync(join(tmpdir(), "latchkey-partitions-"));
  onTestFinished(() => rmSync(made, { recursive: true, force: true }));
  for (const name of names) {
    cpSync(join(ours, name), join(made, "migrations", name), { recursive: true });
    if (name.endsWith(".toml")) continue;
    const script = join(made, "migrations", name, "migration.sql");
    writeFileSync(script, change(name, readFileSync(script, "utf8")));
  }
  cpSync(join(ours, "../functions"), join(made, "functions"), { recursive: true });
  return join(made, "migrations");
}

/** Of an owner who is no superuser, and so bound by row-level security; `owner` is one. */
async function databaseOfMigrator(): Promise<{ url: string; owner: pg.Client }> {
  const root = process.env.TEST_OWNER_DATABASE_URL ?? "";
  const name = `partitions_${randomUUID().replaceAll("-", "")}`;
  const superuser = new pg.Client({ connectionString: root });
  await superuser.connect();
  await superuser.query(`CREATE ROLE ${name} LOGIN CREATEROLE PASSWORD '${name}'`);
  await superuser.query(`GRANT latchkey_app TO ${name} WITH ADMIN OPTION`);
  await superuser.query(`CREATE DATABASE ${name} OWNER ${name}`);
  const asRoot = Object.assign(new URL(root), { pathname: `/${name}` });
  const owner = new pg.Client({ connectionString: asRoot.href });
  await owner.connect();
  onTestFinished(async () => {
    await owner.end();
    await superuser.query(`DROP DATABASE ${name} WITH (FORCE)`);
    await superuser.query(`DROP ROLE ${name}`);
    await superuser.end();
  });
  return { url: Object.assign(new URL(asRoot), { username: name, password: name }).href, owner };
}
