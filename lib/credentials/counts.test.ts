import { randomUUID } from "node:crypto";
import fc from "fast-check";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { deletePerson } from "@/lib/identity";
import { platformActor, updateOrganization } from "@/lib/organizations";
import { keyring } from "@/lib/platform/vault";
import { type Api, startApi } from "@/test/api";
import { counted, recounted } from "@/test/counts";
import { sftpValues, type Tenant, tenant } from "@/test/tenant";
import { createCredential, deleteCredential, importCredentials, updateCredential } from "./index";

/** The counters of credentials are those of the rows, whoever writes them, by whatever way. */
const owner = new pg.Pool({ connectionString: process.env.TEST_OWNER_DATABASE_URL, max: 4 });
afterAll(async () => {
  // What stands for ciphertext there opens for nobody.
  await owner.query("DELETE FROM credential WHERE sealed = '\\x01'");
  await owner.end();
});
let api: Api;
let busy: Tenant;
let tokens: Record<"user" | "admin", string>;
beforeAll(async () => {
  [api, busy] = [await startApi(), await tenant()];
  await updateOrganization(platformActor("test-counts", busy.orgId), busy.orgId, LIMITS);
  tokens = { user: await busy.token(busy.user), admin: await busy.token(busy.admin) };
});

const LIMITS = { maxPerProvider: 40, maxPerUser: 60 };
const KINDS = {
  sftp: { provider: "sftp", type: "user_password", values: sftpValues },
  acmeOne: { provider: "acmeOne", type: "api_key", values: () => ({ apiKey: "k" }) },
  acmeTwo: { provider: "acmeTwo", type: "api_key", values: () => ({ apiKey: "k" }) },
} as const;
const newCredential = (kind: keyof typeof KINDS, tags: string[] = []) => {
  const { provider, type, values } = KINDS[kind];
  return { provider, type, data: values(), tags, openType: true };
};
/** Ends on earlier days, in this instant or the next ones, and later. */
const ENDS = ["-400 days", "-1 day", "0 days", "1 minute", "30 days"];

const act = fc.record({
  kind: fc.constantFrom(...(Object.keys(KINDS) as (keyof typeof KINDS)[])),
  by: fc.constantFrom("user" as const, "admin" as const),
  tags: fc.uniqueArray(fc.constantFrom("a", "b", "c", "d"), { maxLength: 3 }),
  end: fc.constantFrom(null, ...ENDS),
  flag: fc.boolean(),
  at: fc.nat(40),
});
type Drawn = typeof act extends fc.Arbitrary<infer T> ? T : never;
type Act = Drawn & { id: string };

/** In the product's own ways, and past all of them. */
const acts: Record<string, (one: Act) => Promise<unknown>> = {
  create: ({ by, kind, tags }) => createCredential(busy[by], newCredential(kind, tags)),
  "create at the SuperAI door": ({ by, tags }) =>
    sent("POST", "/api/integrations/credentials", {
      token: tokens[by],
      body: { provider: "sftp", credential_type: "user_password", credentials: sftpValues(), name: randomUUID(), tags },
    }),
  "create at the Flowise door": ({ by }) =>
    sent("POST", "/api/v1/credentials", {
      token: tokens[by],
      body: { name: randomUUID(), credentialName: "openAIApi", plainDataObj: { openAIApiKey: "k" } },
    }),
  import: async ({ kind }) => {
    const incoming = () => ({ id: randomUUID(), name: "brought", ...newCredential(kind) });
    const verdicts = await importCredentials(busy.admin, [incoming(), incoming()], { dryRun: false });
    if (!verdicts.every(({ outcome }) => outcome === "imported")) throw new Error("not imported");
  },
  change: ({ id, tags, flag }) => updateCredential(busy.admin, id, { name: randomUUID(), tags, active: flag }),
  "change the end": ({ id, at }) =>
    updateCredential(busy.admin, id, { expiresAt: new Date(Date.now() + (at + 1) * 3_600_000) }),
  "delete at the SuperAI door": ({ id, by }) =>
    sent("DELETE", `/api/integrations/credentials/${id}`, { token: tokens[by] }),
  delete: ({ id }) => deleteCredential(busy.admin, id),
  "delete the person who made one": async ({ kind, tags }) => {
    const passing = await busy.person("app_user");
    await createCredential(passing, newCredential(kind, tags));
    await deletePerson(busy.admin, passing.id);
  },
  "sign-ins that ended": ({ flag, at }) =>
    sql("UPDATE credential SET needs_reauth = $2 WHERE org_id = $1 AND get_byte(uuid_send(id), 15) % 4 = $3", [
      flag,
      at % 4,
    ]),
  "ends of many": ({ end, at }) =>
    sql(
      `UPDATE credential SET expires_at = now() + $2::interval, active = true
        WHERE org_id = $1 AND get_byte(uuid_send(id), 15) % 3 = $3`,
      [end, at % 3],
    ),
  "all to another": ({ flag, tags }) =>
    sql("UPDATE credential SET owner_id = $2, tags = $3 || tags WHERE org_id = $1", [
      flag ? busy.other.id : null,
      tags,
    ]),
  "copies of all": ({ kind }) =>
    sql(
      `INSERT INTO credential SELECT (jsonb_populate_record(c, jsonb_build_object('id', gen_random_uuid(), 'provider', $2::text,
         'external_id', NULL, 'name_key', gen_random_uuid()))).* FROM credential c WHERE org_id = $1 LIMIT 5`,
      [KINDS[kind].provider],
    ),
  "rows gone and back": ({ at }) =>
    sql(
      `WITH gone AS (DELETE FROM credential WHERE org_id = $1 AND get_byte(uuid_send(id), 15) % 5 = $2 RETURNING id)
       UPDATE credential SET deleted_at = CASE WHEN deleted_at IS NULL THEN now() END,
           sealed = CASE WHEN deleted_at IS NOT NULL THEN '\\x01'::bytea END, key_id = CASE WHEN deleted_at IS NOT NULL THEN $3 END
        WHERE org_id = $1 AND get_byte(uuid_send(id), 15) % 5 = ($2 + 1) % 5`,
      // A key that is held: whoever starts beside this would miss any other.
      [at % 5, keyring().current.id],
    ),
  "a transaction that is undone, half or all": ({ flag, tags }) =>
    undone(flag, [
      ["UPDATE credential SET tags = $2, active = NOT active WHERE org_id = $1", [tags]],
      ["DELETE FROM credential WHERE org_id = $1", []],
    ]),
};

async function sent(...request: Parameters<Api["send"]>): Promise<void> {
  const { status } = await api.send(...request);
  if (status >= 400) throw new Error(`answered ${status}`);
}

async function sql(text: string, values: unknown[]): Promise<void> {
  await owner.query(text, [busy.orgId, ...values]);
}

async function undone(whole: boolean, [first, second]: [string, unknown[]][]): Promise<void> {
  const client = await owner.connect();
  try {
    await client.query("BEGIN");
    await client.query(first?.[0] ?? "", [busy.orgId, ...(first?.[1] ?? [])]);
    await client.query("SAVEPOINT half");
    await client.query(second?.[0] ?? "", [busy.orgId, ...(second?.[1] ?? [])]);
    await client.query("ROLLBACK TO half");
    await client.query(whole ? "ROLLBACK" : "COMMIT");
  } catch (error) {
    await client.query("ROLLBACK");
    throw error;
  } finally {
    client.release();
  }
}

/** Milliseconds for all rounds on a busy machine. */
const MANY_ROUNDS = 180_000;
const LIVE = "SELECT id FROM credential WHERE org_id = $1 AND deleted_at IS NULL ORDER BY id";

test(
  "the counters are those of the rows, whatever is done to them at once, and none is left at nothing",
  async () => {
    const done = new Set<string>();
    const step = fc.tuple(fc.constantFrom(...Object.keys(acts)), act);
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 10 }), async (steps) => {
        const present = (await owner.query<{ id: string }>(LIVE, [busy.orgId])).rows;
        await Promise.all(
          steps.map(([what, one]) =>
            acts[what]?.({ ...one, id: present[one.at % Math.max(present.length, 1)]?.id ?? randomUUID() }).then(
              () => done.add(what),
              () => {},
            ),
          ),
        );
        expect(await counted(owner, busy.orgId)).toEqual(await recounted(owner, busy.orgId));
      }),
      { numRuns: 40, examples: EACH },
    );
    expect([...done].sort()).toEqual(Object.keys(acts).sort());
  },
  MANY_ROUNDS,
);
const SOME: Drawn = { kind: "sftp", by: "admin", tags: ["a"], end: "-1 day", flag: true, at: 0 };
/** Every act once, with others beside it, before they are drawn. */
const EACH = Object.keys(acts).map((what): [[string, Drawn][]] => [
  [
    [what, SOME],
    ["create", SOME],
    ["create", SOME],
  ],
]);
