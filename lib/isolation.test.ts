import { randomUUID } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import pg from "pg";
import { beforeAll, describe, expect, test } from "vitest";
import { grantAccess } from "@/lib/access";
import { sightOf } from "@/lib/authorization/access";
import type { Actor } from "@/lib/authorization/actor";
import { createCredential, fetchSecret, updateCredential } from "@/lib/credentials";
import { countUses } from "@/lib/credentials/uses";
import { issueToken } from "@/lib/identity/tokens";
import { inOrganization, inSight, statement, whileAuthenticating, wholeOf } from "@/lib/platform/db";
import { env } from "@/lib/platform/env";
import { sftpValues, type Tenant, tenant } from "@/test/tenant";

/** Row-level security is the second wall: these tests leave the first one out, and ask without naming an organisation. */
let own: Tenant;
let stranger: Tenant;
const owner = new pg.Pool({ connectionString: process.env.TEST_OWNER_DATABASE_URL, max: 2 });
beforeAll(async () => {
  [own, stranger] = [await tenant(), await tenant()];
  for (const one of [own, stranger]) {
    const made = { provider: "sftp", type: "user_password", data: sftpValues() } as const;
    await updateCredential(one.user, (await createCredential(one.user, made)).id, { tags: ["changed"] });
    await issueToken(one.admin, { name: "t", scopes: ["all"], owner: { kind: "user", id: one.admin.id } });
  }
});

const tables = async () => {
  const { rows } = await owner.query<{ name: string; secured: boolean; forced: boolean }>(
    `SELECT c.relname AS name, c.relrowsecurity AS secured, c.relforcerowsecurity AS forced FROM pg_class c
      WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
        AND EXISTS (SELECT 1 FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'org_id')`,
  );
  return rows;
};

describe("row-level security", () => {
  test("is forced on every table that carries an organisation", async () => {
    const all = await tables();
    expect(all.length).toBeGreaterThanOrEqual(10);
    expect(all.filter((table) => !table.secured || !table.forced)).toEqual([]);
  });

  test("shows nothing where no organisation is named", async () => {
    for (const { name } of await tables()) {
      expect(await statement(`bare_${name}`, `SELECT 1 FROM ${name} LIMIT 1`, []), name).toEqual([]);
    }
  });

  test("shows one's own rows alone, although the query names no organisation", async () => {
    for (const { name } of await tables()) {
      const rows = await inSight(wholeOf(own.orgId), (tx) =>
        tx.$queryRawUnsafe<{ org_id: string }[]>(`SELECT DISTINCT org_id FROM ${name}`),
      );
      expect(
        rows.every((row) => row.org_id === own.orgId),
        name,
      ).toBe(true);
    }
  });

  test("refuses to write or move a row for another organisation", async () => {
    await expect(
      inSight(wholeOf(own.orgId), (tx) =>
        tx.serviceAccount.create({ data: { orgId: stranger.orgId, id: own.orgId, name: "smuggled", modifiedBy: "x" } }),
      ),
    ).rejects.toThrow();
    await expect(
      inSight(wholeOf(own.orgId), (tx) => tx.credential.updateMany({ data: { orgId: stranger.orgId } })),
    ).rejects.toThrow();
    expect(
      await inSight(wholeOf(own.orgId), (tx) =>
        tx.credential.updateMany({ where: { orgId: stranger.orgId }, data: { name: "x" } }),
      ),
    ).toEqual({ count: 0 });
  });

  test("lets the sign-in scope read who may sign in, and nothing else", async () => {
    await whileAuthenticating(async (tx) => {
      expect(await tx.user.count()).toBeGreaterThan(0);
      expect([await tx.credential.count(), await tx.auditEvent.count(), await tx.connectionTest.count()]).toEqual([
        0, 0, 0,
      ]);
      expect(await tx.credentialChange.count()).toBe(0);
    });
  });

  test("holds for the role the product works under, which owns nothing and bypasses nothing", async () => {
    const [role] = await statement<Record<string, unknown>>(
      "who",
      `SELECT current_user AS name, rolsuper, rolbypassrls, rolcreaterole,
              (SELECT count(*)::int FROM pg_class WHERE relowner = pg_roles.oid) AS owns FROM pg_roles WHERE rolname = current_user`,
      [],
    );
    expect(role).toEqual({ name: "latchkey_app", rolsuper: false, rolbypassrls: false, rolcreaterole: false, owns: 0 });
  });

  test("leaks nothing between requests that share connections", async () => {
    const seen = await Promise.all(
      Array.from({ length: 200 }, (_, at) => {
        const { orgId } = at % 2 ? own : stranger;
        return inSight(wholeOf(orgId), async (tx) =>
          (await tx.credential.findMany({ select: { orgId: true } })).every((row) => row.orgId === orgId),
        );
      }),
    );
    expect(seen.every(Boolean)).toBe(true);
    expect(await statement("after", "SELECT 1 FROM credential LIMIT 1", [])).toEqual([]);
  });
});

describe("row-level security within an organisation", () => {
  /** Tables whose rows are of one credential, the credential itself among them. */
  const ofCredentials = [
    "credential",
    "connection_test",
    "credential_change",
    "credential_use",
    "token_use",
    "credential_rotation",
  ];
  const seen = async (actor: Actor, table: string) => {
    const column = table === "credential" ? "id" : "credential_id";
    const rows = await inSight(sightOf(actor), (tx) =>
      tx.$queryRawUnsafe<{ id: string }[]>(`SELECT DISTINCT ${column} AS id FROM ${table}`),
    );
    return rows.map(({ id }) => id).sort();
  };

  test("shows whoever asks what grants let them see, although the query asks for none", async () => {
    const fresh = await tenant();
    const made = { provider: "sftp", type: "user_password", data: sftpValues() } as const;
    const ids: string[] = [];
    for (const tags of [[], ["shared"], ["other"]]) {
      const { id } = await createCredential(fresh.user, { ...made, tags, name: randomUUID() });
      await updateCredential(fresh.user, id, { name: randomUUID() });
      await fetchSecret({ ...fresh.program, tokenId: randomUUID() }, id);
      await owner.query(ROWS_OF_ONE, [fresh.orgId, id]);
      ids.push(id);
    }
    await countUses(fresh.orgId);
    const subject = { kind: "user", id: fresh.other.id } as const;
    const [one, shared] = ids as [string, string, string];
    const expectSeen = async (actor: Actor, wanted: string[]) => {
      for (const table of ofCredentials) expect(await seen(actor, table), table).toEqual([...wanted].sort());
    };
    await expectSeen(fresh.user, ids);
    await expectSeen(fresh.other, []);
    await expectSeen({ ...fresh.admin, role: "delegated_admin" }, []);
    await grantAccess(fresh.user, { subject, reach: "credential", key: one, rights: ["see"] });
    await expectSeen(fresh.other, [one]);
    await grantAccess(fresh.admin, { subject, reach: "tag", key: "shared", rights: ["use"] });
    await expectSeen(fresh.other, [one, shared]);
    for (const actor of [fresh.admin, fresh.auditor, fresh.program]) await expectSeen(actor, ids);
    for (const table of ofCredentials) {
      const rows = await inOrganization(fresh.orgId, (tx) => tx.$queryRawUnsafe<object[]>(`SELECT 1 FROM ${table}`));
      expect(rows, `${table}, for nobody`).toEqual([]);
    }
  });

  test("lets nobody change or delete what they see but by the journal", async () => {
    const { id } = await createCredential(own.user, { provider: "sftp", type: "user_password", data: sftpValues() });
    const text = `UPDATE credential SET name = 'x' WHERE id = '${id}'`;
    expect(await inSight(sightOf(own.user), (tx) => tx.$executeRawUnsafe(text))).toBe(0);
    const away = `DELETE FROM credential WHERE id = '${id}'`;
    await expect(inSight(sightOf(own.user), (tx) => tx.$executeRawUnsafe(away))).rejects.toThrow("permission denied");
  });

  test("is told for whom a function looks by each that says in which organisation", () => {
    const bare = readdirSync("prisma/functions").flatMap((file) =>
      readFileSync(`prisma/functions/${file}`, "utf8")
        .split(/(?=^CREATE OR REPLACE (?:FUNCTION|PROCEDURE) )/m)
        .filter((text) => text.includes("set_config('app.org_id'") && !text.includes("set_config('app.who'"))
        .map((text) => `${file}: ${/(?:FUNCTION|PROCEDURE) (\w+)/.exec(text)?.[1]}`),
    );
    // Those of earlier versions looked at the whole, which is what an instance sees that names nobody; this one at no credential.
    expect(bare.filter((name) => !name.startsWith("earlier-versions.sql"))).toEqual([
      "organization.sql: test_required_in",
    ]);
  });

  test("is looked past only where something is nobody's, or holds over all of an organisation's credentials", () => {
    const files = readdirSync("lib", { recursive: true, encoding: "utf8" }).filter((file) =>
      /(?<!\.test)\.ts$/.test(file),
    );
    const whole = files.filter((file) => readFileSync(`lib/${file}`, "utf8").includes("wholeOf("));
    expect(whole.sort()).toEqual(
      [
        // What grants are over must be there, whoever gives them; and what a program used is asked of all.
        ...["access/grants.ts", "access/narrow.ts"],
        // The background: renewals, rotations, revocations, keys and retention.
        ...["renew", "renew-ahead", "revoke", "store-renewal"].map((name) => `credentials/connect/${name}.ts`),
        ...["repository", "run", "store", "work"].map((name) => `credentials/rotate/${name}.ts`),
        ...["credentials/carry-forward.ts", "credentials/rewrap-rows.ts", "credentials/verify-rows.ts"],
        // Names, ids and limits hold over all.
        ...["credentials/import.ts", "credentials/managed-database.ts", "credentials/repository.ts"],
        // Who decides about a kind, a person or the organisation decides about all that is of it.
        ...[
          "identity/users/change.ts",
          "identity/users/hand-over.ts",
          "organizations/remove.ts",
          "own-kinds/change.ts",
        ],
        "plugin-instances/read.ts",
      ].sort(),
    );
  });
});

const ROWS_OF_ONE = `WITH tested AS (
    INSERT INTO connection_test (org_id, id, credential_id, outcome, steps, duration_ms, actor_name)
      VALUES ($1, gen_random_uuid(), $2, 'ok', '[]', 1, 'x'))
  INSERT INTO credential_rotation (org_id, id, credential_id, provider, type, kind, phase, from_version, steps, started_by, started_at,
      ended_at)
    VALUES ($1, gen_random_uuid(), $2, 'sftp', 'key_file', 'key', 'undone', 1, '[]', 'x', now(), now())`;

describe("every service function", () => {
  test("begins by asking for a permission", () => {
    const core = [
      "credentials",
      "access",
      "own-kinds",
      "plugin-instances",
      "identity",
      "organizations",
      "audit-streams",
    ].flatMap((folder) =>
      readdirSync(`lib/${folder}`, { recursive: true, encoding: "utf8" }).map((file) => `lib/${folder}/${file}`),
    );
    const bare: string[] = [];
    for (const path of core.filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts"))) {
      const text = readFileSync(path, "utf8");
      for (const [declaration, name] of text.matchAll(
        /export (?:async )?function (\w+)\(\s*actor: Actor[\s\S]*?\n}\n/g,
      )) {
        if (
          !/withAuthorization\(|assertCan\(|changeable|ownRow\(|getCredential\(|requireManage\(|changeToken\(|makeToken\(|linkFor\(|onePerson\(|readReceipt/.test(
            declaration,
          )
        )
          bare.push(`${path}: ${name}`);
      }
    }
    expect(bare).toEqual(
      [
        // What shows or names a row that has been judged.
        "lib/credentials/create.ts: renamed",
        "lib/credentials/describe.ts: toView",
        "lib/credentials/import-validation.ts: validateIncoming",
        "lib/credentials/validate.ts: testReceiptFor",
        "lib/credentials/receipt.ts: readReceipt",
        "lib/credentials/tests.ts: proofOfSignIn",
        "lib/credentials/update.ts: changeable",
        "lib/credentials/connect/store-grant.ts: storeGrant",
        "lib/credentials/rotate/store.ts: storeNew",
        "lib/identity/tokens/bounds.ts: requireWithin",
        // Parts of the making of a token, which that has judged.
        "lib/identity/tokens/issue.ts: rowOf",
        "lib/identity/tokens/limits.ts: requireNetworksWithin",
        "lib/identity/tokens/repeated.ts: sameToken",
        // Adding and changing a stream, which have judged.
        "lib/audit-streams/try-out.ts: requireTaken",
      ].filter((known) => bare.includes(known)),
    );
  });
});

test("the database the tests run against is on this machine", () => {
  expect(new URL(env().DATABASE_URL ?? "").hostname).toBe("127.0.0.1");
});
