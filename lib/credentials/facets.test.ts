import { randomUUID } from "node:crypto";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import type { Actor } from "@/lib/authorization/actor";
import { deleteOrganization, platformActor } from "@/lib/organizations";
import { inSight, wholeOf, withConnection } from "@/lib/platform/db";
import { counted } from "@/test/counts";
import { sftpValues, type Tenant, tenant } from "@/test/tenant";
import { EVERYONE } from "./counts";
import { FACETS } from "./facets";
import { createCredential, credentialFacets, listCredentials, updateCredential } from "./index";
import { countUsesForList } from "./uses";

const owner = new pg.Pool({ connectionString: process.env.TEST_OWNER_DATABASE_URL, max: 2 });
afterAll(() => owner.end());
let own: Tenant;
beforeAll(async () => {
  own = await tenant();
  const { id } = await createCredential(own.user, { provider: "sftp", type: "user_password", data: sftpValues() });
  await copies(id, own, 1_020);
});

/** Rows of three makers, of every status, that end on earlier days, within this day and later. */
async function copies(id: string, { user, other, orgId }: Tenant, count: number): Promise<void> {
  await owner.query(
    `INSERT INTO credential SELECT r.* FROM credential c, generate_series(1, $3::int) n, jsonb_populate_record(c, jsonb_build_object(
       'id', gen_random_uuid(), 'name_key', n::text, 'owner_id', ($2::uuid[])[n % 3 + 1], 'provider', 'acme' || n % 7,
       'active', n % 11 > 0, 'needs_reauth', n % 13 = 0, 'tags', jsonb_build_array('shared' || n % 5, 'few' || n % (1 + $3 / 10)),
       'expires_at', CASE n % 4 WHEN 0 THEN now() - (n % 40) * interval '9 hours' WHEN 1 THEN now() + interval '1 day' END,
       'deleted_at', CASE WHEN n % 17 = 0 THEN now() END, 'sealed', CASE WHEN n % 17 > 0 THEN c.sealed END,
       'key_id', CASE WHEN n % 17 > 0 THEN c.key_id END)) r WHERE c.id = $1`,
    [id, [user.id, other.id, null], count],
  );
  await owner.query("UPDATE organization SET max_per_provider = 1000000, max_per_user = 1000000 WHERE id = $1", [
    orgId,
  ]);
}

const shown = async (actor: Actor, query: object) =>
  (await listCredentials(actor, { limit: 1_000, ...query })).items.length;

describe("the counts beside a list's filters", () => {
  test.each(["admin", "user", "other", "auditor"] as const)("are what %s gets by filtering", async (who) => {
    const actor = own[who];
    const { total, providers, statuses, tags } = await credentialFacets(actor);
    expect(total).toBe(await shown(actor, {}));
    expect(statuses.map(({ value }) => value).sort()).toEqual(["active", "expired", "inactive", "needs_reauth"]);
    for (const { value, count } of statuses) expect(count, value).toBe(await shown(actor, { status: value }));
    for (const { value, count } of providers) expect(count, value).toBe(await shown(actor, { provider: value }));
    for (const { value, count } of tags.slice(0, 8)) expect(count, value).toBe(await shown(actor, { tag: value }));
    for (const list of [statuses, providers]) expect(list.reduce((sum, { count }) => sum + count, 0)).toBe(total);
  });

  test("name the hundred tags that are used most, those used alike in one order", async () => {
    const { tags } = await credentialFacets(own.admin);
    expect(tags).toHaveLength(100);
    const { rows } = await owner.query(
      `SELECT tag AS value, count(*)::int AS count FROM credential, unnest(tags) tag WHERE org_id = $1 AND deleted_at IS NULL
        GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 100`,
      [own.orgId],
    );
    expect(tags).toEqual(rows);
  });

  test("are all zero where there is nothing", async () => {
    const empty = await tenant();
    expect(await credentialFacets(empty.admin)).toEqual({ total: 0, providers: [], statuses: [], tags: [] });
  });

  test("are seen and changed in their own organisation alone", async () => {
    const stranger = await tenant();
    await inSight(wholeOf(stranger.orgId), async (tx) => {
      expect(await tx.$queryRaw`SELECT 1 FROM credential_count WHERE org_id = ${own.orgId}::uuid`).toEqual([]);
      expect(await tx.credentialCount.updateMany({ where: { orgId: own.orgId }, data: { live: 0 } })).toEqual({
        count: 0,
      });
      expect(await tx.credentialCount.deleteMany({ where: { orgId: own.orgId } })).toEqual({ count: 0 });
    });
  });
});

const COPY = `INSERT INTO credential SELECT r.* FROM credential c, jsonb_populate_record(c, jsonb_build_object(
  'id', gen_random_uuid(), 'name_key', gen_random_uuid())) r WHERE c.org_id = $1`;

interface Plan {
  "Node Type": string;
  "Relation Name"?: string;
  "Actual Rows": number;
  "Actual Loops": number;
  "Rows Removed by Filter"?: number;
  Plans?: Plan[];
}

const nodes = (plan: Plan): Plan[] => [plan, ...(plan.Plans ?? []).flatMap(nodes)];

/** What the product's own role reads for them. */
const plan = (orgId: string) =>
  withConnection(wholeOf(orgId), async (client) => {
    await client.query(`PREPARE facets (uuid, text) AS ${FACETS}`);
    const { rows } = await client.query(`EXPLAIN (ANALYZE, FORMAT JSON) EXECUTE facets ('${orgId}', '${EVERYONE}')`);
    await client.query("DEALLOCATE facets");
    return nodes(rows[0]["QUERY PLAN"][0].Plan).filter(
      (node) => node["Node Type"].includes("Scan") && node["Relation Name"],
    );
  });

describe("reading them from 20,000 credentials", () => {
  let large: Tenant;
  beforeAll(async () => {
    large = await tenant();
    const { id } = await createCredential(large.user, { provider: "sftp", type: "user_password", data: sftpValues() });
    await copies(id, large, 20_000);
    // Ended all at once, long ago.
    await owner.query(
      "UPDATE credential SET expires_at = now() - interval '9 days' WHERE org_id = $1 AND expires_at <= now()",
      [large.orgId],
    );
    await owner.query("ANALYZE credential, credential_count");
  });

  test("walks over none of them, for whoever sees all", async () => {
    const scans = await plan(large.orgId);
    expect(new Set(scans.map((node) => node["Relation Name"]))).toEqual(
      // What row-level security would ask about a row, if it had to.
      new Set(["credential", "credential_count", "access_grant"]),
    );
    expect(scans.filter((node) => node["Relation Name"] === "access_grant" && node["Actual Loops"] > 0)).toEqual([]);
    expect(scans.filter((node) => node["Node Type"] === "Seq Scan")).toEqual([]);
    const read = scans.map(
      (node) => (node["Actual Rows"] + (node["Rows Removed by Filter"] ?? 0)) * node["Actual Loops"],
    );
    // A hundred tags, the kinds, statuses and days that there are.
    expect(read.reduce((sum, rows) => sum + rows, 0)).toBeLessThan(150);
  });

  test.each([
    ["are switched off", "UPDATE credential SET active = false WHERE org_id = $1"],
    ["are brought in", COPY],
    ["go with their organisation", "SELECT shred_organization($1, now(), 'x')"],
  ])("steps each of their counters once when all %s in one statement", async (_all, text) => {
    const before = await counted(owner, large.orgId);
    const client = await owner.connect();
    onTestFinished(async () => {
      await client.query("ROLLBACK");
      client.release();
    });
    await client.query("BEGIN");
    await client.query(text, [large.orgId]);
    const { rows } = await client.query(
      "SELECT (n_tup_ins + n_tup_upd)::int AS steps FROM pg_stat_xact_user_tables WHERE relname = 'credential_count'",
    );
    expect(rows[0].steps).toBeGreaterThan(0);
    expect(rows[0].steps).toBeLessThanOrEqual(before.length + 3);
  });
});

test("an organisation that is deleted leaves no counter", async () => {
  const ended = await tenant();
  const { id } = await createCredential(ended.user, { provider: "sftp", type: "user_password", data: sftpValues() });
  await copies(id, ended, 50);
  await deleteOrganization(platformActor("test"), ended.orgId, { force: true });
  expect(await counted(owner, ended.orgId)).toEqual([]);
});

test("a change of nothing that is counted touches no counter", async () => {
  const mine = await tenant();
  const { id } = await createCredential(mine.user, { provider: "sftp", type: "user_password", data: sftpValues() });
  const versions = async () =>
    (await owner.query("SELECT whose, kind, key, xmin, ctid FROM credential_count WHERE org_id = $1", [mine.orgId]))
      .rows;
  const before = await versions();
  await updateCredential(mine.user, id, {
    name: `Renamed ${randomUUID()}`,
    data: { mode: "replace", values: sftpValues() },
  });
  await countUsesForList(mine.orgId);
  await owner.query("UPDATE credential SET last_used_at = now(), refresh_at = now(), tags = tags WHERE org_id = $1", [
    mine.orgId,
  ]);
  expect(await versions()).toEqual(before);
  await updateCredential(mine.user, id, { tags: ["new"] });
  expect(await versions()).not.toEqual(before);
});
