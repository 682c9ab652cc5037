import { randomUUID } from "node:crypto";
import { cpSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import pg from "pg";
import { expect, onTestFinished, test } from "vitest";
import { counted, recounted } from "@/test/counts";
import { migrate } from "./migrate.mjs";

const ours = fileURLToPath(new URL("migrations", import.meta.url));
const root = () => process.env.TEST_OWNER_DATABASE_URL ?? "";

test("API tokens and people of the first release are there after the migrations, also for an owner who is no superuser", async () => {
  const { url, asRoot } = await databaseOfMigrator();
  await migrate(url, firstRelease(), () => {});
  const [org, user, token] = [randomUUID(), randomUUID(), randomUUID()];
  const superuser = await connected(asRoot);
  await superuser.query("INSERT INTO organization (id, name) VALUES ($1, 'Old')", [org]);
  await superuser.query(
    `INSERT INTO user_account (org_id, id, email, email_key, name, role, modified_by)
     VALUES ($1, $2, 'ana@example.test', 'ana@example.test', 'Ana López', 'org_admin', 'x')`,
    [org, user],
  );
  await superuser.query(
    `INSERT INTO api_token (org_id, id, name, digest, prefix, last_four, user_id, scopes, modified_by)
     VALUES ($1, $2, 'old', '\\xabcd', 'lk_abcde', 'wxyz', $3, '{read}', 'x')`,
    [org, token, user],
  );
  await superuser.query(
    `INSERT INTO api_token (org_id, id, name, digest, prefix, last_four, user_id, scopes, modified_by)
     VALUES ($1, $2, 'unlimited', '\\xabce', 'lk_abcdf', 'wxyz', $3, '{}', 'x')`,
    [org, randomUUID(), user],
  );
  await migrate(url, ours, () => {});
  const { rows: unlimited } = await superuser.query("SELECT * FROM caller_of_token('\\xabce')");
  expect(unlimited).toMatchObject([{ scopes: ["all"], token_set_up_by: null, user_set_up_by: null }]);
  const { rows: callers } = await superuser.query("SELECT * FROM caller_of_token('\\xabcd')");
  expect(callers).toMatchObject([
    { org_id: org, token_id: token, user_id: user, superseded: false, weak: false, scopes: ["read"] },
  ]);
  const { rows: people } = await superuser.query("SELECT first_name, last_name, name FROM user_account");
  expect(people).toEqual([{ first_name: "Ana López", last_name: "", name: "Ana López" }]);
  await superuser.end();
});

test("credentials of the first release are counted after the migrations, and none when all are gone", async () => {
  const { url, asRoot } = await databaseOfMigrator();
  await migrate(url, firstRelease(), () => {});
  const superuser = new pg.Pool({ connectionString: asRoot });
  onTestFinished(() => superuser.end());
  const [org, ana] = [randomUUID(), randomUUID()];
  await superuser.query("INSERT INTO organization (id, name) VALUES ($1, 'Old')", [org]);
  await superuser.query(
    `INSERT INTO credential (org_id, id, owner_id, provider, type, name, name_key, tags, active, needs_reauth, expires_at, deleted_at,
       summary, search, config, secret_info, modified_by)
     SELECT $1, gen_random_uuid(), CASE WHEN n % 2 = 0 THEN $2::uuid END, 'p' || n % 3, 'api_key', 'n' || n, 'n' || n,
       ARRAY['all', 't' || n % 4], n % 5 > 0, n % 7 = 0, CASE WHEN n % 3 = 0 THEN now() - n * interval '5 days' END,
       CASE WHEN n % 11 = 0 THEN now() END, '', '', '{}', '{}', 'x' FROM generate_series(1, 60) n`,
    [org, ana],
  );
  await migrate(url, ours, () => {});
  expect(await counted(superuser, org)).not.toEqual([]);
  expect(await counted(superuser, org)).toEqual(await recounted(superuser, org));
  await superuser.query("TRUNCATE credential CASCADE");
  expect(await counted(superuser, org)).toEqual([]);
});

/** The migrations that the first release had. */
function firstRelease(): string {
  const folder = mkdtempSync(join(tmpdir(), "latchkey-first-release-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const name of readdirSync(ours).filter((one) => one < "20261123" || one.endsWith(".toml"))) {
    cpSync(join(ours, name), join(folder, name), { recursive: true });
  }
  return folder;
}

async function databaseOfMigrator(): Promise<{ url: string; asRoot: string }> {
  const name = `moves_${randomUUID().replaceAll("-", "")}`;
  const superuser = await connected(root());
  await superuser.query(`CREATE ROLE ${name} LOGIN CREATEROLE PASSWORD '${name}'`);
  await superuser.query(`GRANT latchkey_app TO ${name} WITH ADMIN OPTION`);
  await superuser.query(`CREATE DATABASE ${name} OWNER ${name}`);
  await superuser.query(`GRANT CREATE ON DATABASE ${name} TO ${name}`);
  onTestFinished(async () => {
    await superuser.query(`DROP DATABASE ${name} WITH (FORCE)`);
    await superuser.query(`DROP ROLE ${name}`);
    await superuser.end();
  });
  const asRoot = Object.assign(new URL(root()), { pathname: `/${name}` });
  const url = Object.assign(new URL(asRoot), { username: name, password: name });
  return { url: url.href, asRoot: asRoot.href };
}

async function connected(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  return client;
}
