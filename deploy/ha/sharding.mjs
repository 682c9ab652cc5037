#!/usr/bin/env node
// How the tables would lie in a PostgreSQL that is sharded by organisation (Citus), and whether the schema allows it: see
// docs/sharding.md. Reads the catalogue of the database in DATABASE_URL; changes nothing.
import { fileURLToPath } from "node:url";
import pg from "pg";

/**
 * Tables that every node has whole (reference tables): small, or asked before it is known whose they are. Each with why.
 */
export const REFERENCE = {
  organization: "read at every sign-in, and named by what every organisation has; its name is unique on the platform",
  token_secret: "whoever sends a token is looked up by its digest, before the organisation is known",
  session: "a cookie is looked up by its digest, before the organisation is known",
  person_link: "a one-time link is looked up by its digest, before the organisation is known",
  user_account: "an address is looked up in all organisations at sign-in",
  service_account: "joined by the look-up of a token",
  api_token: "joined by the look-up of a token",
};

/** Tables of the installation, which belong to no organisation and stay where they are (local to the coordinator). */
export const LOCAL = {
  root_secret: "one row",
  setup_token: "one row",
  rate_limit: "counters of sign-ins, of the library that keeps them",
  instance: "one row for each running instance",
  function_file: "one row for each file of functions",
  schema_compatibility: "one row",
  _prisma_migrations: "one row for each migration",
};

/**
 * @param {import("pg").Client} db
 * @returns {Promise<{ distributed: string[], reference: string[], local: string[], problems: string[] }>} problems: what stands in the
 * way, a sentence each
 */
export async function shardingOf(db) {
  const { rows: tables } = await db.query(TABLES);
  const { rows: keys } = await db.query(UNIQUE);
  const { rows: references } = await db.query(FOREIGN);
  const names = tables.map(({ name }) => name);
  const placeOf = (name) => (name in REFERENCE ? "reference" : name in LOCAL ? "local" : "distributed");
  const of = (place) => names.filter((name) => placeOf(name) === place);
  const problems = [
    ...Object.keys({ ...REFERENCE, ...LOCAL })
      .filter((name) => !names.includes(name))
      .map((name) => `${name} is listed and is no table`),
    ...tables
      .filter(({ name, has_org: hasOrg }) => placeOf(name) === "distributed" && !hasOrg)
      .map(({ name }) => `${name} has no org_id and is not listed: whose are its rows?`),
    ...keys
      .filter(({ name, columns }) => placeOf(name) === "distributed" && !columns.includes("org_id"))
      .map(({ name, index }) => `${name}: ${index} is unique without org_id, which no shard can hold by itself`),
    ...references.flatMap((one) => problemsOf(one, placeOf)),
  ];
  return { distributed: of("distributed"), reference: of("reference"), local: of("local"), problems };
}

/** A row may name rows of its own shard, and those that every node has. */
function problemsOf({ name, from, to, columns }, placeOf) {
  const [mine, theirs] = [placeOf(from), placeOf(to)];
  if (mine === "distributed" && theirs === "distributed" && !columns.includes("org_id"))
    return [`${from}: ${name} refers to ${to} without org_id`];
  if (mine === "distributed" && theirs === "local")
    return [`${from}: ${name} refers to ${to}, which is on one node alone`];
  if (mine === "reference" && theirs === "distributed")
    return [`${from}: ${name} refers to ${to}, whose rows are not on every node`];
  return [];
}

const TABLES = `SELECT c.relname AS name, EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'org_id'
    AND a.attnotnull AND NOT a.attisdropped) AS has_org
  FROM pg_class c WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
  ORDER BY c.relname`;
const UNIQUE = `SELECT t.relname AS name, i.relname AS index, ARRAY(SELECT a.attname::text FROM pg_attribute a
    WHERE a.attrelid = t.oid AND a.attnum = ANY (x.indkey)) AS columns
  FROM pg_index x JOIN pg_class t ON t.oid = x.indrelid JOIN pg_class i ON i.oid = x.indexrelid
  WHERE x.indisunique AND t.relnamespace = current_schema()::regnamespace ORDER BY 1, 2`;
const FOREIGN = `SELECT f.conname AS name, t.relname AS "from", o.relname AS "to", ARRAY(SELECT a.attname::text FROM pg_attribute a
    WHERE a.attrelid = f.conrelid AND a.attnum = ANY (f.conkey)) AS columns
  FROM pg_constraint f JOIN pg_class t ON t.oid = f.conrelid JOIN pg_class o ON o.oid = f.confrelid
  WHERE f.contype = 'f' AND t.relnamespace = current_schema()::regnamespace ORDER BY 1`;

/** What a coordinator is told. */
export const statementsFor = ({ distributed, reference }) => [
  ...reference.map((name) => `SELECT create_reference_table('${name}');`),
  ...distributed.map((name, at) => {
    const beside = at === 0 ? "" : `, colocate_with => '${distributed[0]}'`;
    return `SELECT create_distributed_table('${name}', 'org_id'${beside});`;
  }),
];

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const db = new pg.Client({ connectionString: process.env.DATABASE_URL });
  await db.connect();
  const found = await shardingOf(db);
  await db.end();
  for (const line of statementsFor(found)) console.log(line);
  for (const problem of found.problems) console.error(problem);
  process.exitCode = found.problems.length > 0 ? 1 : 0;
}
