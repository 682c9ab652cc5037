import { randomUUID } from "node:crypto";
import fc from "fast-check";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { deleteOrganization, platformActor } from "@/lib/organizations";
import { credentialHistory, listAuditEvents, startAuditExport } from "@/lib/platform/audit/history";
import { type PlainChanges, type PlainValue, withPlainChanges } from "@/lib/platform/audit/plain-changes";
import { verifyChains } from "@/lib/platform/audit/verify";
import { inSight, wholeOf } from "@/lib/platform/db";
import { type Api, startApi } from "@/test/api";
import { sftpValues, type Tenant, tenant } from "@/test/tenant";
import {
  createCredential,
  deleteCredential,
  fetchSecret,
  getCredential,
  importCredentials,
  testCredential,
  updateCredential,
} from "./index";

/** What a change of a credential changed of its plain values is kept beside its version: that, all of it, and no secret. */
const owner = new pg.Pool({ connectionString: process.env.TEST_OWNER_DATABASE_URL, max: 2 });
afterAll(() => owner.end());
let api: Api;
let own: Tenant;
let key: string;
beforeAll(async () => {
  [api, own] = [await startApi(), await tenant()];
  key = await own.token(own.user);
});

const rowsOf = async (id: string) =>
  (
    await owner.query<{ version: number; changes: PlainChanges }>(
      "SELECT version, changes FROM credential_change WHERE credential_id = $1 ORDER BY version",
      [id],
    )
  ).rows;

type Values = Record<string, PlainValue | undefined>;

/** The plain values of a credential, by the names that events have for them. */
async function plainOf(id: string): Promise<Values> {
  const { name, tags, active, type, expiresAt, config } = await getCredential(own.user, id);
  const data = Object.entries(config).map(([field, value]) => [`credentials.${field}`, value]);
  return { name, tags, active, type, expires_at: expiresAt, ...Object.fromEntries(data) };
}

/** The state that follows; every old value must be the one that was there. */
function replayed(before: Values, changes: PlainChanges): Values {
  const after = { ...before };
  for (const [name, { from, to }] of Object.entries(changes)) {
    expect(from, name).toEqual(before[name] ?? null);
    expect(to, name).not.toEqual(from);
    after[name] = to;
    if (to === null && name !== "expires_at") delete after[name];
  }
  return after;
}

const sftp = (password = `pw-${randomUUID()}`) =>
  ({ provider: "sftp", type: "user_password", data: sftpValues(password) }) as const;
const redis = () =>
  ({
    provider: "redisCacheApi",
    type: "user_password",
    data: { redisCacheHost: "a.example", redisCachePwd: `pw-${randomUUID()}` },
  }) as const;

interface Change {
  door: "core" | "superai" | "flowise" | "import";
  name: string;
  tags: string[];
  expiresAt: Date | null;
  active: boolean;
  host: string;
  port: number;
  user: string | null;
  tls: boolean;
}

const word = fc.stringMatching(/^[a-z]{2,8}$/);
const change: fc.Arbitrary<Change> = fc.record({
  door: fc.constantFrom("core", "superai", "flowise", "import"),
  name: word,
  tags: fc.uniqueArray(word, { maxLength: 3 }),
  expiresAt: fc.option(fc.date({ min: new Date("2030-01-01"), max: new Date("2040-01-01"), noInvalidDate: true })),
  active: fc.boolean(),
  host: word.map((one) => `${one}.example`),
  port: fc.integer({ min: 1, max: 65_535 }),
  user: fc.option(word),
  tls: fc.boolean(),
});

async function make(id: string, { door, ...to }: Change, password: string): Promise<void> {
  const values = {
    redisCacheHost: to.host,
    redisCachePort: to.port,
    redisCacheUser: to.user,
    redisCacheSslEnabled: to.tls,
    redisCachePwd: password,
  };
  const name = `${to.name} ${id}`;
  const send = async (method: string, path: string, body: object) => {
    const headers = { "content-type": method === "PATCH" ? "application/merge-patch+json" : "application/json" };
    const answer = await api.send(method, path, { token: key, headers, body });
    expect(answer.status, answer.text).toBe(200);
  };
  const { tags, expiresAt, active } = to;
  switch (door) {
    case "core":
      await updateCredential(own.user, id, { name, tags, expiresAt, active, data: { mode: "merge", values } });
      break;
    case "superai":
      await send("PATCH", `/api/integrations/credentials/${id}`, {
        name,
        tags,
        expires_at: expiresAt?.toISOString() ?? null,
        active,
        credentials: values,
      });
      break;
    case "flowise":
      await send("PUT", `/api/v1/credentials/${id}`, { name, plainDataObj: values });
      break;
    case "import": {
      const incoming = { id, name, provider: "redisCacheApi", type: "user_password", data: values } as const;
      const [verdict] = await importCredentials(own.admin, [incoming], { dryRun: false });
      expect(verdict).toMatchObject({ outcome: "present" });
    }
  }
}

test("replayed over the first state, what is kept is every state that came after, whatever door made it", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 8 }), async (changes) => {
      const { id } = await createCredential(own.user, redis());
      let state = await plainOf(id);
      const passwords = changes.map(() => `pw-${randomUUID()}`);
      for (const [at, one] of changes.entries()) {
        const before = await getCredential(own.user, id);
        await make(id, one, passwords[at] ?? "");
        const made = (await rowsOf(id)).filter(({ version }) => version > before.version);
        for (const row of made) state = replayed(state, row.changes);
        expect(state).toEqual(await plainOf(id));
      }
      const text = JSON.stringify(await rowsOf(id));
      for (const password of passwords) expect(text).not.toContain(password);
      await deleteCredential(own.user, id);
    }),
    { numRuns: 20 },
  );
});

test("what changes no plain value is not kept: another secret, a test, a fetch, the same values once more", async () => {
  const { id } = await createCredential(own.user, sftp());
  const password = `pw-${randomUUID()}`;
  await updateCredential(own.user, id, { data: { mode: "merge", values: { password } } });
  await updateCredential(own.user, id, { data: { mode: "replace", values: sftpValues(password) } });
  await testCredential(own.user, { id });
  await fetchSecret(own.program, id);
  expect(await rowsOf(id)).toEqual([]);
  expect((await getCredential(own.user, id)).version).toBe(3);
});

describe("a secret", () => {
  /** The credential, with a secret put where a plain value belongs, and put right again. */
  async function mended(wrong: object, right: object) {
    const { id } = await createCredential(own.user, sftp());
    await updateCredential(own.user, id, wrong);
    await updateCredential(own.user, id, right);
    const { events } = await credentialHistory(own.user, id);
    return { kept: JSON.stringify(await rowsOf(id)), named: events.slice(0, 2).map(({ fields }) => fields) };
  }
  const merge = (values: object) => ({ data: { mode: "merge", values } });
  const password = `hunter-${randomUUID()}`;

  test.each([
    ["user name", merge({ username: password, password }), "credentials.username"],
    ["user name, among other words", merge({ username: `alice ${password}`, password }), "credentials.username"],
    ["name", { ...merge({ password }), name: `sftp ${password}` }, "name"],
    ["tags", { ...merge({ password }), tags: [password] }, "tags"],
  ])("of the credential itself that stood in its %s is not kept when that is mended", async (_, wrong, field) => {
    const right = { ...merge({ username: "bob", password }), name: `mended ${randomUUID()}`, tags: ["mended"] };
    const { kept, named } = await mended(wrong, right);
    expect(kept).not.toContain(password);
    for (const fields of named) expect(fields).toContain(field);
    // What else was changed is.
    expect(kept).toContain("mended");
  });

  test("that changed places with a plain value is not kept", async () => {
    const { id } = await createCredential(own.user, {
      ...sftp("alice"),
      data: { ...sftpValues("alice"), username: "s3" },
    });
    await updateCredential(own.user, id, { data: { mode: "merge", values: { username: "alice", password: "s3" } } });
    expect(await rowsOf(id)).toEqual([]);
  });

  test("that nobody can know, because the data do not open, is not kept", async () => {
    const { id } = await createCredential(own.user, { ...sftp(password), name: `sftp ${password}` });
    await owner.query("UPDATE credential SET sealed = sealed || 'x' WHERE id = $1", [id]);
    await updateCredential(own.user, id, { name: `mended ${randomUUID()}`, active: false });
    expect((await rowsOf(id)).map(({ changes }) => changes)).toEqual([{ active: { from: true, to: false } }]);
  });

  test("of Amazon's in the field of its id is not kept", async () => {
    const secret = "wJalrXUtnFEMIxK7MDENGxbPxRfiCYEXAMPLEKEY";
    const data = { access_key_id: secret, secret_access_key: "x".repeat(40), region: "eu-west-1" };
    const { id } = await createCredential(own.user, { provider: "aws_ses", type: "api_key", data });
    await updateCredential(own.user, id, {
      data: {
        mode: "merge",
        values: { access_key_id: "AKIAIOSFODNN7EXAMPLE", secret_access_key: "y".repeat(40), region: "eu-west-2" },
      },
    });
    expect((await rowsOf(id)).map(({ changes }) => Object.keys(changes))).toEqual([["credentials.region"]]);
  });

  test.each([
    "postgresql://reader:planted@db.example.com/app",
    "https://planted@git.example.com/x",
    "Server=db;User Id=x;Password=planted;",
    '{"client_secret": "planted"}',
    "ghp_plantedplantedplantedplanted",
    `planted ${"x".repeat(500)}`,
  ])("by its form is not kept: %s", async (text) => {
    const wrong = { ...merge({ test_path: text }), name: `known ${randomUUID()}` };
    const { kept, named } = await mended(wrong, merge({ test_path: "/in" }));
    expect(kept).toContain("known");
    expect(kept).not.toContain("planted");
    expect(named).toEqual([["credentials.test_path"], ["name", "credentials.test_path"]]);
  });

  test.each([
    "https://api.example.com/v1/token?x=1",
    "alice@example.com",
    "mongodb://reader:••••••@db.example.com/app",
    "b!9f_drive-ID0123456789abcdefABCDEF",
  ])("is not seen in what is none: %s", async (text) => {
    expect((await mended(merge({ test_path: text }), { tags: ["x"] })).kept).toContain(text);
  });
});

describe("what is kept", () => {
  test("goes with the credential, and with the organisation", async () => {
    const [kept, gone] = [await createCredential(own.user, sftp()), await createCredential(own.user, sftp())];
    for (const { id } of [kept, gone]) await updateCredential(own.user, id, { tags: ["a"] });
    await deleteCredential(own.user, gone.id);
    expect([await rowsOf(gone.id), await rowsOf(kept.id)]).toEqual([[], [expect.anything()]]);
    const { events } = await listAuditEvents(own.admin, { targetId: gone.id });
    expect(events.filter(({ changes }) => changes)).toEqual([]);
    expect(events.filter(({ action }) => action === "credential.updated")).toHaveLength(1);
    const other = await tenant();
    const { id } = await createCredential(other.user, sftp());
    await updateCredential(other.user, id, { tags: ["a"] });
    expect(await rowsOf(id)).toHaveLength(1);
    await deleteOrganization(platformActor("test"), other.orgId, { force: true });
    expect(await rowsOf(id)).toEqual([]);
  });

  test("is out of another organisation's reach, by SQL as well, and is never altered", async () => {
    const { id } = await createCredential(own.user, sftp());
    await updateCredential(own.user, id, { tags: ["a"] });
    const stranger = await tenant();
    await expect(credentialHistory(stranger.admin, id)).rejects.toMatchObject({ code: "not_found" });
    expect((await listAuditEvents(stranger.admin, { targetId: id })).events).toEqual([]);
    const as = ({ orgId }: Tenant, sql: string) =>
      inSight<unknown[]>(wholeOf(orgId), (tx) =>
        tx.$queryRawUnsafe(sql.replace("$id", `'${id}'`).replace("$org", `'${own.orgId}'`)),
      );
    const look = "SELECT 1 FROM credential_change WHERE credential_id = $id";
    expect([await as(stranger, look), await as(own, look)]).toEqual([[], [expect.anything()]]);
    await as(stranger, "DELETE FROM credential_change WHERE credential_id = $id");
    const smuggle = `INSERT INTO credential_change VALUES ($org, $id, 9, '{}')`;
    await expect(as(stranger, smuggle)).rejects.toThrow(/row-level security/);
    await expect(as(own, "UPDATE credential_change SET changes = '{}'")).rejects.toThrow(/permission denied/);
    expect(await rowsOf(id)).toHaveLength(1);
  });

  test("is shown to everybody who may see the credential, with one query for a page; the log itself and an export have names alone", async () => {
    const made = [await createCredential(own.user, sftp()), await createCredential(own.user, sftp())];
    const [from, to] = [`from ${randomUUID()}`, `to ${randomUUID()}`];
    for (const [at, { id }] of made.entries()) {
      await updateCredential(own.user, id, { name: `${from} ${at}` });
      await updateCredential(own.user, id, { name: `${to} ${at}`, expiresAt: new Date("2031-12-01T22:59:59Z") });
      // Names the version that it found.
      await fetchSecret(own.program, id);
    }
    const [{ id }] = made as [{ id: string }, ...unknown[]];
    const shown = {
      name: { from: `${from} 0`, to: `${to} 0` },
      expires_at: { from: null, to: "2031-12-01T22:59:59.000Z" },
    };
    const { events } = await credentialHistory(own.auditor, id);
    expect(events.map(({ action, changes }) => [action, changes]).slice(0, 2)).toEqual([
      ["secret.fetched", undefined],
      ["credential.updated", shown],
    ]);
    const log = await listAuditEvents(own.auditor, { q: to });
    expect(log.events.filter(({ changes }) => changes)).toHaveLength(2);
    let queries = 0;
    await inSight(wholeOf(own.orgId), (tx) => {
      const $queryRaw = (...given: Parameters<typeof tx.$queryRaw>) => {
        queries++;
        return tx.$queryRaw(...given);
      };
      return withPlainChanges({ $queryRaw } as typeof tx, own.orgId, log.events);
    });
    expect(queries).toBe(1);
    for await (const page of await startAuditExport(own.admin, {}))
      expect(page.filter((event) => "changes" in event)).toEqual([]);
    const stored = await owner.query("SELECT e::text AS text FROM audit_event e WHERE org_id = $1 AND target_id = $2", [
      own.orgId,
      id,
    ]);
    const updated = stored.rows.filter(({ text }) => text.includes("credential.updated")).map(({ text }) => text);
    expect(updated).toHaveLength(2);
    // Of a name, the newest is the target's own.
    expect(updated.filter((text) => text.includes("2031-12-01"))).toEqual([]);
    expect(await verifyChains(own.orgId)).toMatchObject([{ problem: null }]);
  });
});
