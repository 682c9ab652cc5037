import { randomUUID } from "node:crypto";
import { cpSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { actorKinds } from "@/lib/authorization/actor";
import { phases, rotationKinds } from "@/lib/credentials/rotate/repository";
import { secretKinds } from "@/lib/identity/tokens/secrets";
import { serviceAccountStatuses } from "@/lib/identity/tokens/service-accounts";
import { linkKinds, userStatuses } from "@/lib/identity/users/view";
import { outcomes } from "@/lib/providers/report";
import { reaches, requestStates, rights, subjectKinds } from "@/lib/vocabulary/access";
import { auditOutcomes } from "@/lib/vocabulary/audit-event";
import { sinkKinds } from "@/lib/vocabulary/audit-sink";
import { scopes, userRoles } from "@/lib/vocabulary/permissions";
import { ownDatabase } from "@/test/own-database";
import { migrate } from "./migrate.mjs";

interface Rule {
  name: string;
  of: string;
  kind: "c" | "f";
  definition: string;
  holds: boolean;
}

let db: pg.Client;
let rules: Rule[];
let url: string;
beforeAll(async () => {
  url = (await ownDatabase()).ownerUrl;
  db = new pg.Client({ connectionString: url });
  await db.connect();
  await db.query(ROWS + LATER_ROWS);
  rules = (await db.query(RULES)).rows;
});
afterAll(() => db.end());

const RULES = `SELECT conname AS name, conrelid::regclass::text AS of, contype AS kind, pg_get_constraintdef(oid) AS definition,
  convalidated AS holds FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND contype IN ('c', 'f')
  AND NOT EXISTS (SELECT FROM pg_class c WHERE c.oid = conrelid AND c.relispartition) ORDER BY 1`;

describe("every rule of the database", () => {
  test("holds in a fresh database, and has an attempt here to break it", () => {
    expect(rules.filter(({ holds }) => !holds)).toEqual([]);
    expect(rules.map(({ name }) => name)).toEqual(Object.keys(attempts).sort());
  });

  test("refuses a row that is good but for what the rule is about, and takes it without that", async () => {
    for (const { name, of } of rules) {
      expect(await refusedBy(of, attempts[name] ?? {}), name).toBe(name);
    }
    for (const of of new Set(rules.map((rule) => rule.of))) {
      if (!SINGLE.includes(of)) expect(await refusedBy(of, {}), of).toBeUndefined();
    }
  });

  test("takes no parent from another organisation", async () => {
    for (const { name, of, definition } of rules.filter((rule) => rule.definition.includes("(org_id, "))) {
      const column = /FOREIGN KEY \(org_id, (\w+)\)/.exec(definition)?.[1] ?? "";
      const parent = { owner_id: STRANGER, user_id: STRANGER }[column] ?? STRANGERS;
      const key = of === "access_grant" ? { reach_key: parent } : {};
      expect(await refusedBy(of, { [column]: parent, ...key }), name).toBe(name);
    }
  });

  test("that lists words lists those of the program", () => {
    const listed = rules.filter(({ name }) => name.endsWith("_words"));
    const found = listed.map(({ name, definition }) => [
      name,
      [...definition.matchAll(/'(\w+)'/g)].map(([, word]) => word),
    ]);
    expect(Object.fromEntries(found)).toEqual(words);
  });
});

const words: Record<string, readonly string[]> = {
  access_grant_reach_words: reaches,
  access_grant_right_words: rights,
  access_grant_subject_kind_words: subjectKinds,
  access_request_right_words: rights,
  access_request_state_words: requestStates,
  api_token_scopes_words: scopes,
  audit_event_actor_kind_words: actorKinds,
  audit_event_outcome_words: auditOutcomes,
  audit_stream_kind_words: sinkKinds,
  connection_test_outcome_words: outcomes,
  credential_health_words: outcomes,
  credential_rotation_kind_words: rotationKinds,
  credential_rotation_phase_words: phases,
  person_link_kind_words: linkKinds,
  service_account_status_words: serviceAccountStatuses,
  token_secret_kind_words: secretKinds,
  user_account_role_words: userRoles,
  user_account_status_words: userStatuses,
};

test("rows of one parent are written at the same time as the parent is, and none waits for another", async () => {
  const [one, other] = [await connected(), await connected()];
  await one.query("BEGIN");
  const children = ["session", "person_link", "api_token", "connection_test", "service_account", "authorization_flow"];
  for (const of of [...children, "credential"]) await copy(one, of, {});
  // All of it is uncommitted while the other one writes the same parents and further rows of theirs.
  await other.query("SET lock_timeout = '10s'");
  for (const change of [
    "UPDATE organization SET updated_at = now(), version = version + 1",
    "UPDATE user_account SET last_sign_in_at = now(), stamp = stamp + 1, name = 'x'",
    `UPDATE credential SET name = 'x', updated_at = now(), sealed = '\\x02' WHERE id = '${CREDENTIAL}'`,
  ]) {
    await other.query(change);
  }
  // Not a credential: the counters of an organisation are stepped one after the other, as its chain goes.
  for (const of of children) if (of !== "person_link") await copy(other, of, {});
  await one.query("ROLLBACK");
  await Promise.all([one.end(), other.end()]);
});

test("rows that broke a rule before there was one are mended where one mend is right, else named, and never stop an upgrade", async () => {
  const before = await databaseBefore("20261129001100_possible_rows");
  const client = new pg.Client({ connectionString: before.asRoot });
  await client.connect();
  await client.query(`${ROWS}
    UPDATE credential SET deleted_at = now() WHERE id = '${UNROTATED}';
    UPDATE credential SET health = 'ok', refresh_lease = gen_random_uuid() WHERE id = '${CREDENTIAL}';
    UPDATE credential SET owner_id = '${nobody}', sealed = NULL, key_id = NULL WHERE id = '${STRANGERS}';
    UPDATE session SET user_id = '${nobody}';
    UPDATE user_account SET role = 'owner' WHERE id = '${ANOTHER}';
    UPDATE service_account SET org_id = '${nobody}';`);
  const said: string[] = [];
  const upgrade = () => migrate(before.url, join(process.cwd(), "prisma/migrations"), (line) => said.push(line));
  await upgrade();
  const told = said.filter((line) => line.includes("break the rule"));
  expect(told.map((line) => line.split(".")[0])).toEqual([
    "1 rows of credential break the rule credential_sealed_while_live",
    "Some rows of service_account break the rule service_account_org_id_fkey",
    "1 rows of user_account break the rule user_account_role_words",
  ]);
  expect((await client.query("SELECT count(*)::int AS count FROM session")).rows).toEqual([{ count: 0 }]);
  expect(
    (await client.query(`SELECT id, owner_id, sealed, key_id, health, refresh_lease FROM credential ORDER BY id`)).rows,
  ).toEqual([
    { id: STRANGERS, owner_id: null, sealed: null, key_id: null, health: null, refresh_lease: null },
    { id: CREDENTIAL, owner_id: USER, sealed: Buffer.from([1]), key_id: "k", health: null, refresh_lease: null },
    { id: UNROTATED, owner_id: USER, sealed: null, key_id: null, health: null, refresh_lease: null },
  ]);
  // What is written from now on keeps the rule, and what is mended makes it hold.
  await expect(client.query("UPDATE user_account SET role = 'owner'")).rejects.toMatchObject({ code: "23514" });
  await client.query(`UPDATE user_account SET role = 'app_user';
    UPDATE credential SET sealed = '\\x01', key_id = 'k' WHERE id = '${STRANGERS}';
    UPDATE service_account SET org_id = '${ORG}'`);
  said.length = 0;
  await upgrade();
  expect(said).toEqual([]);
  expect((await client.query(`${RULES.replace("ORDER", "AND NOT convalidated ORDER")}`)).rows).toEqual([]);
  const unforced = "SELECT oid::regclass FROM pg_class WHERE relrowsecurity AND NOT relforcerowsecurity";
  expect((await client.query(unforced)).rows).toEqual([]);
  await client.end();
});

/** A database with the migrations before one, of an owner who is no superuser and so is under row-level security. */
async function databaseBefore(migration: string): Promise<{ url: string; asRoot: string }> {
  const folder = mkdtempSync(join(tmpdir(), "latchkey-rules-"));
  const name = `rules_${randomUUID().replaceAll("-", "")}`;
  await db.query(`CREATE ROLE ${name} LOGIN CREATEROLE PASSWORD '${name}'`);
  await db.query(`GRANT latchkey_app TO ${name} WITH ADMIN OPTION`);
  await db.query(`CREATE DATABASE ${name} OWNER ${name}`);
  onTestFinished(async () => {
    rmSync(folder, { recursive: true, force: true });
    await db.query(`DROP DATABASE ${name} WITH (FORCE)`);
    await db.query(`DROP ROLE ${name}`);
  });
  for (const one of readdirSync("prisma/migrations").filter((other) => other < migration)) {
    cpSync(join("prisma/migrations", one), join(folder, "migrations", one), { recursive: true });
  }
  cpSync("prisma/functions", join(folder, "functions"), { recursive: true });
  const asRoot = Object.assign(new URL(url), { pathname: `/${name}` }).href;
  const own = Object.assign(new URL(asRoot), { username: name, password: name }).href;
  await migrate(own, join(folder, "migrations"), () => {});
  return { url: own, asRoot };
}

describe("a token that works", () => {
  test("has an owner that is there; one that was revoked keeps its owner's id", async () => {
    const gone = randomUUID();
    await expect(copy(db, "api_token", { user_id: gone })).rejects.toMatchObject({ code: "23503" });
    await expect(copy(db, "api_token", { user_id: null, service_account_id: gone })).rejects.toMatchObject({
      code: "23503",
    });
    await copy(db, "api_token", { id: gone, user_id: gone, revoked_at: "2026-01-01", active: false });
    await expect(db.query("UPDATE api_token SET revoked_at = NULL WHERE id = $1", [gone])).rejects.toMatchObject({
      code: "23503",
    });
  });

  test("keeps its owner from being deleted under it", async () => {
    const [id, account] = [randomUUID(), randomUUID()];
    await copy(db, "user_account", { id, email_key: id });
    await copy(db, "service_account", { id: account, name: account });
    const [token, other] = [randomUUID(), randomUUID()];
    await copy(db, "api_token", { id: token, user_id: id });
    await copy(db, "api_token", { id: other, user_id: null, service_account_id: account });
    for (const [table, one, of] of [
      ["user_account", id, token],
      ["service_account", account, other],
    ]) {
      await expect(db.query(`DELETE FROM ${table} WHERE id = $1`, [one])).rejects.toMatchObject({ code: "23503" });
      await db.query("UPDATE api_token SET revoked_at = now() WHERE id = $1", [of]);
      expect((await db.query(`DELETE FROM ${table} WHERE id = $1`, [one])).rowCount).toBe(1);
    }
  });
});

/** The name of the rule that refuses the good row of a table with these changes; undefined where it is taken. */
async function refusedBy(of: string, changes: Row): Promise<string | undefined> {
  await db.query("BEGIN");
  try {
    await copy(db, of, changes);
    return undefined;
  } catch (error) {
    return (error as pg.DatabaseError).constraint ?? String(error);
  } finally {
    await db.query("ROLLBACK");
  }
}

type Row = Record<string, unknown>;

/** A further row like the good one of a table, under keys of its own, with these changes. */
async function copy(client: pg.Client, of: string, changes: Row): Promise<void> {
  const row = { ...FRESH[of]?.(), ...changes };
  await client.query(
    `INSERT INTO ${of} SELECT (jsonb_populate_record(r, $1::jsonb)).* FROM ${of} r
      WHERE r.ctid = (SELECT g.ctid FROM ${of} g ORDER BY to_jsonb(g)->>'org_id', g.ctid LIMIT 1)`,
    [JSON.stringify(row)],
  );
}

async function connected(): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  return client;
}

const bytes = () => `\\x${randomUUID().replaceAll("-", "")}`;
const withId = () => ({ id: randomUUID() });
const ORG = "00000000-0000-7000-8000-000000000001";
const OTHER_ORG = "00000000-0000-7000-8000-000000000002";
const USER = "00000000-0000-7000-8000-000000000011";
/** A person, and a credential and token, of the other organisation. */
const STRANGER = "00000000-0000-7000-8000-000000000012";
const STRANGERS = "00000000-0000-7000-8000-000000000013";
const CREDENTIAL = "00000000-0000-7000-8000-000000000021";
const TOKEN = "00000000-0000-7000-8000-000000000031";
/** Where there can be no second row. */
const SINGLE = ["root_secret", "schema_compatibility", "setup_token"];

/** What another row of the table must have for itself. */
const FRESH: Record<string, () => Row> = {
  organization: () => ({ id: randomUUID(), name: randomUUID() }),
  provider_definition: () => ({ id: randomUUID(), kind: `own_${randomUUID().replaceAll("-", "_")}` }),
  provider_definition_version: () => ({ version: 2 }),
  user_account: () => ({ id: randomUUID(), email_key: randomUUID() }),
  service_account: () => ({ id: randomUUID(), name: randomUUID() }),
  api_token: withId,
  token_secret: () => ({ digest: bytes(), kind: "superseded", expires_at: "2027-01-01" }),
  person_link: () => ({ user_id: ANOTHER, digest: bytes() }),
  session: withId,
  credential: () => ({ id: randomUUID(), external_id: randomUUID() }),
  access_group: () => ({ id: randomUUID(), name: randomUUID() }),
  access_group_member: () => ({ user_id: ANOTHER }),
  access_grant: () => ({ id: randomUUID(), subject_id: randomUUID() }),
  access_request: () => ({ id: randomUUID(), user_id: ANOTHER }),
  credential_tag: () => ({ tag: randomUUID() }),
  connection_test: withId,
  credential_change: () => ({ version: 3 }),
  credential_use: () => ({ service_account_id: randomUUID() }),
  credential_rotation: () => ({ id: randomUUID(), credential_id: UNROTATED }),
  provider_revocation: () => ({ credential_id: UNROTATED }),
  managed_database: () => ({ org_id: OTHER_ORG }),
  authorization_flow: () => ({ id: randomUUID(), state_digest: bytes() }),
  audit_head: () => ({ org_id: OTHER_ORG }),
  audit_event: () => ({ seq: 2 }),
  audit_stream: () => ({ id: randomUUID(), name: randomUUID() }),
  idempotency_key: () => ({ id: bytes() }),
};
const DEFINITION = "00000000-0000-7000-8000-000000000041";
const ANOTHER = "00000000-0000-7000-8000-000000000014";
const UNROTATED = "00000000-0000-7000-8000-000000000022";

const nobody = "00000000-0000-7000-8000-0000000000ff";
/** By the rule's name: what to change of a good row so that this rule, and none before it, refuses. */
const attempts: Record<string, Row> = {
  access_grant_key_of_reach: { reach: "tag" },
  access_grant_org_id_credential_id_fkey: { credential_id: nobody, reach_key: nobody },
  access_grant_org_id_fkey: { org_id: nobody, reach: "all", reach_key: "", credential_id: null },
  access_grant_reach_words: { reach: "folder", credential_id: null },
  access_grant_right_words: { right: "own" },
  access_grant_subject_kind_words: { subject_kind: "robot" },
  access_group_member_org_id_group_id_fkey: { group_id: nobody },
  access_group_member_org_id_user_id_fkey: { user_id: nobody },
  access_group_org_id_fkey: { org_id: nobody },
  access_request_answered: { answered_at: "2026-01-01" },
  access_request_org_id_credential_id_fkey: { credential_id: nobody },
  access_request_org_id_user_id_fkey: { user_id: nobody },
  access_request_right_words: { right: "own" },
  access_request_state_words: { state: "forgotten", answered_at: "2026-01-01" },
  api_token_confirmed_set_up: { confirmed_at: "2026-01-01" },
  api_token_limits_shape: { limits: [] },
  api_token_one_owner: { service_account_id: nobody },
  api_token_org_id_fkey: { org_id: nobody, revoked_at: "2026-01-01" },
  api_token_scopes_words: { scopes: ["everything"] },
  api_token_version_counts: { version: 0 },
  audit_event_actor_kind_words: { actor_kind: "ghost" },
  audit_event_outcome_words: { outcome: "unknown" },
  audit_head_org_id_fkey: { org_id: nobody },
  audit_stream_counts: { backlog_limit: 999 },
  audit_stream_kind_words: { kind: "pigeon" },
  audit_stream_lease_whole: { lease: nobody },
  audit_stream_name_length: { name: "" },
  audit_stream_org_id_fkey: { org_id: nobody },
  audit_stream_sending_onwards: { sending_to: 0 },
  authorization_flow_org_id_credential_id_fkey: { credential_id: nobody },
  authorization_flow_org_id_user_id_fkey: { user_id: nobody },
  connection_test_counts: { duration_ms: -1 },
  connection_test_org_id_credential_id_fkey: { credential_id: nobody },
  connection_test_outcome_words: { outcome: "fine" },
  credential_change_org_id_credential_id_fkey: { credential_id: nobody },
  credential_change_version_counts: { version: 1 },
  credential_health_version: { health: "ok", health_at: "2026-01-01", health_version: 2 },
  credential_health_whole: { health: "ok" },
  credential_health_words: { health: "fine", health_at: "2026-01-01", health_version: 1 },
  credential_lease_whole: { refresh_lease: nobody },
  credential_lengths: { name: "n".repeat(201) },
  credential_org_id_fkey: { org_id: nobody, owner_id: null },
  credential_org_id_owner_id_fkey: { owner_id: nobody },
  credential_refresh_failures: { refresh_failures: -1 },
  credential_rotation_counts: { from_version: 0 },
  credential_rotation_ended_forgets: { ended_at: "2026-01-02", phase: "done" },
  credential_rotation_ended_phase: { ended_at: "2026-01-02", sealed: null, key_id: null },
  credential_rotation_kind_words: { kind: "certificate" },
  credential_rotation_lease_whole: { lease: nobody },
  credential_rotation_org_id_credential_id_fkey: { credential_id: nobody },
  credential_rotation_phase_words: { phase: "dreaming" },
  credential_rotation_sealed_names_key: { key_id: null },
  credential_sealed_names_key: { key_id: null },
  credential_sealed_while_live: { sealed: null, key_id: null },
  credential_tag_org_id_credential_id_fkey: { credential_id: nobody },
  credential_use_counts: { fetches: 0 },
  credential_version_counts: { version: 0 },
  idempotency_key_status: { status: 1 },
  managed_database_lease_whole: { lease: nobody },
  managed_database_org_id_fkey: { org_id: nobody },
  organization_limits: { max_per_user: 0 },
  organization_name_length: { name: "" },
  organization_version_counts: { version: 0 },
  person_link_confirmed_set_up: { confirmed_at: "2026-01-01" },
  person_link_kind_words: { kind: "surprise" },
  person_link_org_id_user_id_fkey: { user_id: nobody },
  person_link_times: { expires_at: "2025-01-01" },
  provider_definition_kind_reserved: { kind: "sftp" },
  provider_definition_org_id_fkey: { org_id: nobody },
  provider_definition_text_length: { text: "" },
  provider_definition_version_counts: { version: 0 },
  provider_definition_version_counts_up: { version: 0 },
  provider_definition_version_org_id_definition_id_fkey: { definition_id: nobody },
  provider_revocation_counts: { failures: -1 },
  provider_revocation_lease_whole: { lease: nobody },
  provider_revocation_org_id_credential_id_fkey: { credential_id: nobody },
  root_secret_single: { id: 2 },
  schema_compatibility_single: { id: 2 },
  service_account_org_id_fkey: { org_id: nobody },
  service_account_status_words: { status: "pending" },
  session_org_id_user_id_fkey: { user_id: nobody },
  setup_token_single: { id: 2 },
  token_secret_kind_words: { kind: "future", expires_at: null },
  token_secret_org_id_token_id_fkey: { token_id: nobody },
  token_secret_superseded_ends: { kind: "superseded", expires_at: null },
  user_account_confirmed_set_up: { confirmed_at: "2026-01-01" },
  user_account_org_id_fkey: { org_id: nobody },
  user_account_role_words: { role: "owner" },
  user_account_status_words: { status: "asleep" },
  user_account_version_counts: { stamp: 0 },
};

/** A good row of each table. */
const ROWS = `
  INSERT INTO organization (id, name) VALUES ('${ORG}', 'One'), ('${OTHER_ORG}', 'Other');
  INSERT INTO user_account (org_id, id, email, email_key, name, role, modified_by)
    SELECT org::uuid, id::uuid, id, id, id, 'app_user', 'x' FROM (VALUES ('${ORG}', '${USER}'), ('${ORG}', '${ANOTHER}'),
      ('${OTHER_ORG}', '${STRANGER}')) AS people (org, id);
  INSERT INTO service_account (org_id, id, name, modified_by) VALUES ('${ORG}', gen_random_uuid(), 'worker', 'x');
  INSERT INTO api_token (org_id, id, name, user_id, scopes, modified_by)
    VALUES ('${ORG}', '${TOKEN}', 't', '${USER}', '{read}', 'x'), ('${OTHER_ORG}', '${STRANGERS}', 't', '${STRANGER}', '{read}', 'x');
  INSERT INTO token_secret (org_id, digest, token_id, kind, prefix, last_four, made_at)
    VALUES ('${ORG}', '\\x01', '${TOKEN}', 'current', '', '', now());
  INSERT INTO person_link (org_id, user_id, digest, kind, made_by, made_at, expires_at)
    VALUES ('${ORG}', '${USER}', '\\x01', 'invite', 'x', '2026-01-01', '2026-01-02');
  INSERT INTO session (org_id, id, user_id, stamp, address, user_agent, expires_at)
    VALUES ('${ORG}', gen_random_uuid(), '${USER}', 1, '', '', now());
  INSERT INTO credential (org_id, id, owner_id, provider, type, name, name_key, tags, summary, search, config, secret_info, sealed,
      key_id, modified_by)
    SELECT org::uuid, id::uuid, owner::uuid, 'sftp', 'user_password', id, id, '{}', '', '', '{}', '{}', '\\x01', 'k', 'x'
      FROM (VALUES ('${ORG}', '${CREDENTIAL}', '${USER}'), ('${ORG}', '${UNROTATED}', '${USER}'),
        ('${OTHER_ORG}', '${STRANGERS}', '${STRANGER}')) AS credentials (org, id, owner);
  INSERT INTO connection_test (org_id, id, credential_id, outcome, steps, duration_ms, actor_name)
    VALUES ('${ORG}', gen_random_uuid(), '${CREDENTIAL}', 'ok', '[]', 1, 'x');
  INSERT INTO credential_change (org_id, credential_id, version, changes) VALUES ('${ORG}', '${CREDENTIAL}', 2, '{}');
  INSERT INTO credential_use (org_id, credential_id, service_account_id, day, fetches, last_at, last_version)
    VALUES ('${ORG}', '${CREDENTIAL}', gen_random_uuid(), now(), 1, now(), 1);
  INSERT INTO credential_rotation (org_id, id, credential_id, provider, type, kind, phase, sealed, key_id, from_version, steps,
      started_by, started_at)
    VALUES ('${ORG}', gen_random_uuid(), '${CREDENTIAL}', 'sftp', 'key_file', 'key', 'prepared', '\\x01', 'k', 1, '[]', 'x', now());
  INSERT INTO provider_revocation (org_id, credential_id, name, provider, type, sealed, key_id, sealed_version, asked_by, retry_at, until)
    VALUES ('${ORG}', '${CREDENTIAL}', 'c', 'google', 'google_oauth', '\\x01', 'k', 1, 'x', now(), now());
  INSERT INTO managed_database (org_id, credential_id) VALUES ('${ORG}', gen_random_uuid());
  INSERT INTO authorization_flow (org_id, id, state_digest, browser_digest, user_id, credential_id, provider, type, tags, scope,
      redirect_uri, created_at, expires_at)
    VALUES ('${ORG}', gen_random_uuid(), '\\x01', '\\x01', '${USER}', '${CREDENTIAL}', 'google', 'google_oauth', '{}', '', '', now(), now());
  INSERT INTO audit_head (org_id, seq, hash) VALUES ('${ORG}', 1, '\\x01');
  INSERT INTO audit_event (org_id, seq, at, actor_kind, actor_id, actor_name, action, outcome, request_id, address, prev_hash, hash)
    VALUES ('${ORG}', 1, now(), 'user', 'x', 'x', 'credential.read', 'done', 'x', 'x', '\\x01', '\\x02');
  INSERT INTO idempotency_key (org_id, id, fingerprint, resource_id, status, locked_until, expires_at)
    VALUES ('${ORG}', '\\x01', '\\x01', gen_random_uuid(), 200, now(), now());
  INSERT INTO root_secret (id, sealed, key_id) VALUES (1, '\\x01', 'k');
  INSERT INTO setup_token (id, digest) VALUES (1, '\\x01');
`;

/** Of tables that came later. */
const LATER_ROWS = `
  INSERT INTO audit_stream (org_id, id, name, kind, settings, sealed, key_id, cursor_seq, cursor_hash, created_by, modified_by)
    VALUES ('${ORG}', gen_random_uuid(), 's', 'webhook', '{}', '\\x01', 'k', 0, '\\x01', 'x', 'x');
  INSERT INTO provider_definition (org_id, id, kind, version, text, listing, imports, created_at, created_by, updated_at, modified_by)
    VALUES ('${ORG}', '${DEFINITION}', 'own_one', 1, 't', '{}', '{}', now(), 'x', now(), 'x'),
      ('${OTHER_ORG}', '${STRANGERS}', 'own_one', 1, 't', '{}', '{}', now(), 'x', now(), 'x');
  INSERT INTO provider_definition_version (org_id, definition_id, version, text, made_at, made_by)
    VALUES ('${ORG}', '${DEFINITION}', 1, 't', now(), 'x');
  INSERT INTO access_group (org_id, id, name, modified_by)
    VALUES ('${ORG}', '${DEFINITION}', 'g', 'x'), ('${OTHER_ORG}', '${STRANGERS}', 'g', 'x');
  INSERT INTO access_group_member (org_id, group_id, user_id, added_by) VALUES ('${ORG}', '${DEFINITION}', '${USER}', 'x');
  INSERT INTO access_grant (org_id, id, subject_kind, subject_id, reach, reach_key, credential_id, "right", granted_by_id, granted_by)
    VALUES ('${ORG}', gen_random_uuid(), 'user', '${USER}', 'credential', '${CREDENTIAL}', '${CREDENTIAL}', 'use', 'x', 'x');
  INSERT INTO access_request (org_id, id, user_id, credential_id, "right", reason)
    VALUES ('${ORG}', gen_random_uuid(), '${USER}', '${CREDENTIAL}', 'use', 'r');
  INSERT INTO credential_tag (org_id, tag, credential_id) VALUES ('${ORG}', 't', '${CREDENTIAL}');
`;
