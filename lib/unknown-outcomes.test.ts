import { randomUUID } from "node:crypto";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Actor } from "@/lib/authorization/actor";
import { type CutMoment, type CuttingRelay, cuttingRelay } from "@/test/cutting-relay";
import { sftpValues, type Tenant, tenant } from "@/test/tenant";

/**
 * A connection that is cut says nothing of what became of the work. Whoever asks again must find what the first try made: one
 * object and one event, wherever the cut was.
 */
const owner = new pg.Pool({ connectionString: process.env.TEST_OWNER_DATABASE_URL, max: 2 });
let relay: CuttingRelay;
let core: typeof import("@/lib/credentials") &
  typeof import("@/lib/identity/tokens") &
  typeof import("@/lib/identity") &
  typeof import("@/lib/organizations") &
  typeof import("@/lib/platform/idempotency");
let own: Tenant;

beforeAll(async () => {
  relay = await cuttingRelay(process.env.DATABASE_URL ?? "");
  process.env.DATABASE_URL = relay.url;
  core = {
    ...(await import("@/lib/credentials")),
    ...(await import("@/lib/identity/tokens")),
    ...(await import("@/lib/identity")),
    ...(await import("@/lib/organizations")),
    ...(await import("@/lib/platform/idempotency")),
  };
  own = await tenant();
  const platform = core.platformActor("test-cuts", own.orgId);
  await core.updateOrganization(platform, own.orgId, { maxPerProvider: 10_000, maxPerUser: 10_000 });
});
afterAll(async () => {
  await (await import("@/lib/platform/db")).disconnect();
  await relay.close();
  await owner.end();
});

interface Write {
  what: string;
  /** What the write is about to be done to or with; made before anything is cut. */
  prepare?: () => Promise<string>;
  /** The write, as a caller does it again after an answer that says nothing. */
  act: (subject: string) => Promise<unknown>;
  /** What a second try may say where the first had been done. */
  alreadyDone?: string;
  /** What the event is called, and whose chain it is in. */
  action: string;
  orgOf?: (subject: string) => string;
  /** Objects that are there; one is expected, or none after a deletion. */
  objects: { sql: string; left: number };
}

const some = async () => randomUUID();
const once = (actor: Actor, key: string, work: (reservedId: string) => Promise<unknown>) =>
  core.once(actor, { key, operation: "test", body: Buffer.from(key) }, async (id) => ({
    status: 201,
    body: (await work(id)) as object,
  }));
const newCredential = (name: string, reservedId?: string) => ({
  provider: "sftp",
  type: "user_password" as const,
  data: sftpValues(),
  name,
  reservedId,
});
const storedCredential = async () => (await core.createCredential(own.user, newCredential(randomUUID()))).id;
const storedToken = async () =>
  (
    await core.issueToken(own.admin, {
      name: "t",
      scopes: ["all"],
      owner: { kind: "service_account", id: own.program.id },
    })
  ).view.id;
const storedPerson = async () =>
  (await core.createUser(own.admin, { email: `${randomUUID()}@example.test`, role: "app_user" })).id;
const storedOrganization = async () =>
  (await core.createOrganization(core.platformActor("test-cuts"), { name: randomUUID() })).id;
const delegatedAdmin = (orgId: string): Actor => ({ ...own.admin, orgId, role: "delegated_admin" });

const writes: Write[] = [
  {
    what: "making a credential",
    act: (name) => once(own.user, name, (id) => core.createCredential(own.user, newCredential(name, id))),
    action: "credential.created",
    objects: { sql: "SELECT id FROM credential WHERE name = $1 AND deleted_at IS NULL", left: 1 },
  },
  {
    what: "importing a credential",
    act: (id) => core.importCredentials(own.admin, [{ id, ...newCredential(id) }], { dryRun: false }),
    action: "credential.imported",
    objects: { sql: "SELECT id FROM credential WHERE id = $1::uuid AND deleted_at IS NULL", left: 1 },
  },
  {
    what: "changing a credential",
    prepare: storedCredential,
    act: (id) => core.updateCredential(own.user, id, { tags: ["changed"], expectedVersion: 1 }),
    alreadyDone: "version_mismatch",
    action: "credential.updated",
    objects: { sql: "SELECT id FROM credential WHERE id = $1::uuid AND version = 2 AND tags = '{changed}'", left: 1 },
  },
  {
    what: "deleting a credential",
    prepare: storedCredential,
    act: (id) => core.deleteCredential(own.user, id),
    alreadyDone: "not_found",
    action: "credential.deleted",
    objects: { sql: "SELECT id FROM credential WHERE id = $1::uuid AND sealed IS NOT NULL", left: 0 },
  },
  {
    what: "making a program",
    act: (name) => once(own.admin, name, (reservedId) => core.createServiceAccount(own.admin, { name, reservedId })),
    action: "service_account.created",
    objects: { sql: "SELECT id FROM service_account WHERE name = $1", left: 1 },
  },
  {
    what: "making a token",
    act: (name) =>
      once(own.admin, name, (reservedId) =>
        core.issueToken(own.admin, {
          name,
          scopes: ["all"],
          reservedId,
          owner: { kind: "service_account", id: own.program.id },
        }),
      ),
    action: "token.created",
    objects: {
      sql: "SELECT s.digest FROM api_token t JOIN token_secret s ON s.token_id = t.id AND s.kind = 'current' WHERE t.name = $1",
      left: 1,
    },
  },
  {
    what: "exchanging a token's secret",
    prepare: storedToken,
    act: (id) => core.rotateToken(own.admin, id, { overlapSeconds: 60, expectedVersion: 1 }),
    alreadyDone: "version_mismatch",
    action: "token.rotated",
    objects: { sql: "SELECT digest FROM token_secret WHERE token_id = $1::uuid AND kind = 'superseded'", left: 1 },
  },
  {
    what: "ending a token",
    prepare: storedToken,
    act: (id) => core.revokeToken(own.admin, id),
    alreadyDone: "not_found",
    action: "token.revoked",
    objects: { sql: "SELECT id FROM api_token WHERE id = $1::uuid AND active", left: 0 },
  },
  {
    what: "making a person",
    act: (name) =>
      once(own.admin, name, (reservedId) =>
        core.createUser(own.admin, { email: `${name}@example.test`, role: "app_user", reservedId }),
      ),
    action: "user.created",
    objects: { sql: "SELECT id FROM user_account WHERE email = $1 || '@example.test'", left: 1 },
  },
  {
    what: "shutting a person out",
    prepare: storedPerson,
    act: (id) => core.updatePerson(own.admin, id, { active: false, expectedVersion: 1 }),
    alreadyDone: "version_mismatch",
    action: "user.disabled",
    objects: { sql: "SELECT id FROM user_account WHERE id = $1::uuid AND status = 'inactive'", left: 1 },
  },
  {
    what: "deleting a person",
    prepare: storedPerson,
    act: (id) => core.deletePerson(own.admin, id),
    alreadyDone: "not_found",
    action: "user.deleted",
    objects: { sql: "SELECT id FROM user_account WHERE id = $1::uuid", left: 0 },
  },
  {
    what: "making an organisation",
    act: (name) =>
      once(core.platformActor("test-cuts", own.orgId), name, (reservedId) =>
        core.createOrganization(core.platformActor("test-cuts"), { name, reservedId }),
      ),
    action: "organization.created",
    orgOf: () => "",
    objects: { sql: "SELECT id FROM organization WHERE name = $1", left: 1 },
  },
  {
    what: "a platform administrator's making of a person elsewhere",
    prepare: storedOrganization,
    act: (orgId) =>
      once(own.admin, orgId, (reservedId) =>
        core.createUser(delegatedAdmin(orgId), { email: "first@example.test", role: "org_admin", reservedId }),
      ),
    action: "user.created",
    orgOf: (orgId) => orgId,
    objects: { sql: "SELECT id FROM user_account WHERE org_id = $1::uuid", left: 1 },
  },
  {
    what: "deleting an organisation with all that is in it",
    prepare: storedOrganization,
    act: (id) => core.deleteOrganization(core.platformActor("test-cuts", own.orgId), id, { force: true }),
    alreadyDone: "not_found",
    action: "organization.deleted",
    orgOf: (orgId) => orgId,
    objects: { sql: "SELECT id FROM organization WHERE id = $1::uuid AND deleted_at IS NULL", left: 0 },
  },
];

/** Events of this kind about what was made or changed: by its id, or by the name it was given. */
async function eventsOf({ action, orgOf }: Write, subject: string): Promise<number> {
  const orgId = (orgOf ?? (() => own.orgId))(subject);
  const about = "target_id = $2 OR target_name = $2 OR target_name = $2 || '@example.test'";
  const { rows } = await owner.query(
    `SELECT 1 FROM audit_event WHERE action = $1 AND outcome = 'done' AND (${about} OR ($3 <> '' AND org_id::text = $3 AND $3 <> $4))`,
    [action, subject, orgId, own.orgId],
  );
  return rows.length;
}

const outcomeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => "done",
    (error: { code?: unknown }) => String(error.code ?? error),
  );

/** Does the write with a cut at the n-th request, then once more; false when there were fewer requests than that. */
async function survives(write: Write, request: number, moment: CutMoment): Promise<boolean> {
  // Whoever asks proved their password just now, however long the whole takes.
  own.admin.passwordCheckedAt = new Date();
  const subject = await (write.prepare ?? some)();
  relay.cutAt(request, moment);
  const first = await outcomeOf(write.act(subject));
  if (!relay.wasCut()) {
    expect(first).toBe("done");
    return false;
  }
  const place = `${moment}, request ${request}`;
  expect(["done", "unavailable"], place).toContain(first);
  if (first === "unavailable") {
    expect(["done", write.alreadyDone ?? "done"], place).toContain(await outcomeOf(write.act(subject)));
  }
  const { rows } = await owner.query(write.objects.sql, [subject]);
  expect({ objects: rows.length, events: await eventsOf(write, subject) }, place).toEqual({
    objects: write.objects.left,
    events: 1,
  });
  return true;
}

describe("a connection cut at any statement, and the work done again, leaves one object and one event:", () => {
  test.each(writes)("$what", async (write) => {
    for (const moment of ["before it arrives", "before its answer"] as const) {
      let request = 1;
      while (await survives(write, request, moment)) request++;
      // There were statements to cut.
      expect(request).toBeGreaterThan(1);
    }
  });
});

test("a secret that was handed out is on record, wherever a connection is cut", async () => {
  const id = await storedCredential();
  let handedOut = 0;
  for (const moment of ["before it arrives", "before its answer"] as const) {
    for (let request = 1; request < 6; request++) {
      relay.cutAt(request, moment);
      const outcome = await outcomeOf(core.fetchSecret(own.program, id));
      relay.wasCut();
      expect(["done", "unavailable"]).toContain(outcome);
      if (outcome === "done") handedOut++;
    }
  }
  const { rows } = await owner.query(
    "SELECT 1 FROM audit_event WHERE action = 'secret.fetched' AND outcome = 'done' AND target_id = $1",
    [id],
  );
  expect(handedOut).toBeGreaterThan(0);
  expect(rows.length).toBeGreaterThanOrEqual(handedOut);
});
