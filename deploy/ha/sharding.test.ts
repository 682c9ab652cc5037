import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { LOCAL, REFERENCE, shardingOf, statementsFor } from "./sharding.mjs";

const owner = new pg.Client({ connectionString: process.env.TEST_OWNER_DATABASE_URL });
beforeAll(() => owner.connect());
afterAll(() => owner.end());

test("every table lies in the shard of its organisation, or is named with the reason why not", async () => {
  const { distributed, reference, local, problems } = await shardingOf(owner);
  expect(problems).toEqual([]);
  expect(distributed).toEqual(expect.arrayContaining(["credential", "audit_event", "audit_head"]));
  expect(reference.sort()).toEqual(Object.keys(REFERENCE).sort());
  expect(local.sort()).toEqual(Object.keys(LOCAL).sort());
});

test("a table without an owner, and a name that is unique over all organisations, are told", async () => {
  await owner.query(`BEGIN;
    CREATE TABLE nobodys (id uuid PRIMARY KEY);
    CREATE TABLE named (org_id uuid NOT NULL, id uuid NOT NULL, name text UNIQUE, PRIMARY KEY (org_id, id));
    CREATE TABLE naming (org_id uuid NOT NULL, id uuid PRIMARY KEY, other text REFERENCES named (name));`);
  const { problems } = await shardingOf(owner);
  await owner.query("ROLLBACK");
  expect(problems).toEqual([
    "nobodys has no org_id and is not listed: whose are its rows?",
    "named: named_name_key is unique without org_id, which no shard can hold by itself",
    "naming: naming_pkey is unique without org_id, which no shard can hold by itself",
    "nobodys: nobodys_pkey is unique without org_id, which no shard can hold by itself",
    "naming: naming_other_fkey refers to named without org_id",
  ]);
});

test("what the coordinator is told puts an organisation's rows of all tables on one node", () => {
  const found = { distributed: ["credential", "audit_event"], reference: ["organization"], local: [], problems: [] };
  expect(statementsFor(found)).toEqual([
    "SELECT create_reference_table('organization');",
    "SELECT create_distributed_table('credential', 'org_id');",
    "SELECT create_distributed_table('audit_event', 'org_id', colocate_with => 'credential');",
  ]);
});
