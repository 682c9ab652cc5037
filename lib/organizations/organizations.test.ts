import { randomUUID } from "node:crypto";
import pg from "pg";
import { beforeAll, describe, expect, test } from "vitest";
import { createCredential, fetchSecret, listCredentials, updateCredential } from "@/lib/credentials";
import { createUser, deletePerson, invitePerson, listPeople, openLink, updatePerson } from "@/lib/identity";
import { authenticateToken, createServiceAccount, issueToken, pageOfTokens } from "@/lib/identity/tokens";
import {
  assumeOrganization,
  createOrganization,
  deleteOrganization,
  organizationNamed,
  pageOfOrganizations,
  platformActor,
  remainingIn,
  updateOrganization,
} from "@/lib/organizations";
import { listAuditEvents } from "@/lib/platform/audit/history";
import { verifyChains } from "@/lib/platform/audit/verify";
import { PASSWORD, sftpValues, type Tenant, tenant } from "@/test/tenant";
import { refusal } from "@/test/time-travel";

let home: Tenant;
let operator: Awaited<ReturnType<Tenant["person"]>>;
beforeAll(async () => {
  home = await tenant();
  operator = await home.person("backoffice");
  await updatePerson(operator, operator.id, { password: PASSWORD });
});
const system = (orgId?: string) => platformActor("test-request", orgId);

describe("an organisation that is deleted", () => {
  test("is refused while anything is left in it, saying what", async () => {
    const full = await tenant();
    await createCredential(full.user, { provider: "sftp", type: "user_password", data: sftpValues() });
    const left = { people: 4, service_accounts: 1, credentials: 1, tokens: 0 };
    expect(await remainingIn(operator, full.orgId)).toEqual(left);
    await expect(deleteOrganization(operator, full.orgId, { force: false })).rejects.toMatchObject({
      ...refusal("conflict"),
      details: { people: 4, service_accounts: 1, credentials: 1 },
    });
    const { id } = await createOrganization(operator, { name: `Empty ${randomUUID()}` });
    await expect(deleteOrganization(operator, id, { force: false })).resolves.toBeUndefined();
    await expect(deleteOrganization(operator, id, { force: false })).rejects.toMatchObject(refusal("not_found"));
  });

  test("by force leaves no secret, nobody who can come in, a free name, and an audit log that verifies", async () => {
    const full = await tenant();
    for (let at = 0; at < 3; at++) {
      const made = { provider: "sftp", type: "user_password", data: sftpValues() } as const;
      await updateCredential(full.user, (await createCredential(full.user, made)).id, { tags: ["changed"] });
    }
    const tokens = [await full.token(full.user), await full.token(full.program)];
    const { secret } = await invitePerson(full.admin, { email: `i-${randomUUID()}@example.test`, role: "app_user" });
    await deleteOrganization(operator, full.orgId, { force: true });
    for (const token of tokens)
      await expect(authenticateToken(token, "r", "a")).rejects.toMatchObject(refusal("unauthenticated"));
    expect(await openLink(secret, { address: "192.0.2.1" })).toBeNull();
    expect(await rowsLeft(full.orgId)).toEqual({ sealed: 0, credentials: 3, others: 0 });
    expect(await verifyChains(full.orgId)).toMatchObject([{ orgId: full.orgId, problem: null }]);
    await expect(organizationNamed(operator, full.name)).rejects.toMatchObject(refusal("not_found"));
    await expect(createOrganization(operator, { name: full.name })).resolves.toBeDefined();
    await expect(createOrganization(operator, { id: full.orgId, name: "Again" })).rejects.toMatchObject(
      refusal("conflict"),
    );
    await expect(
      createCredential(full.user, { provider: "sftp", type: "user_password", data: sftpValues() }),
    ).rejects.toMatchObject(refusal("not_found"));
  });

  test("is not one's own, asks for a recent password, and is for the platform alone", async () => {
    const other = await tenant();
    await expect(deleteOrganization(operator, home.orgId, { force: true })).rejects.toMatchObject(refusal("conflict"));
    await expect(deleteOrganization(other.admin, other.orgId, { force: true })).rejects.toMatchObject(
      refusal("forbidden"),
    );
    const stale = { ...operator, passwordCheckedAt: new Date(0) };
    await expect(deleteOrganization(stale, other.orgId, { force: true })).rejects.toMatchObject({
      details: { step_up: true },
    });
  });
});

async function rowsLeft(orgId: string) {
  const database = new pg.Client({ connectionString: process.env.TEST_OWNER_DATABASE_URL });
  await database.connect();
  const tables = ["user_account", "session", "service_account", "api_token", "token_secret", "person_link"];
  const others = [...tables, "idempotency_key", "connection_test", "credential_change"]
    .map((name) => `(SELECT count(*) FROM ${name} WHERE org_id = $1)`)
    .join(" + ");
  const { rows } = await database.query(
    `SELECT count(sealed)::int AS sealed, count(*)::int AS credentials, (${others})::int AS others
       FROM credential WHERE org_id = $1`,
    [orgId],
  );
  await database.end();
  return rows[0];
}

describe("an organisation that is switched off", () => {
  test("shuts everybody out, and lets them in again", async () => {
    const other = await tenant();
    const token = await other.token(other.user);
    const signsIn = () => authenticateToken(token, "r", "a").then(Boolean, () => false);
    await updateOrganization(operator, other.orgId, { active: false });
    await expect.poll(signsIn).toBe(false);
    await updateOrganization(operator, other.orgId, { active: true });
    await expect.poll(signsIn).toBe(true);
    await expect(updateOrganization(other.admin, other.orgId, { active: false })).rejects.toMatchObject(
      refusal("forbidden"),
    );
    await expect(updateOrganization(operator, home.orgId, { active: false })).rejects.toMatchObject(
      refusal("conflict"),
    );
  });
});

describe("a platform administrator in another organisation", () => {
  test("looks after people, programs and tokens under the own name, and reaches no credential", async () => {
    const other = await tenant();
    const made = await createCredential(other.user, { provider: "sftp", type: "user_password", data: sftpValues() });
    const acting = await assumeOrganization(operator, other.orgId);
    const person = await createUser(acting, { email: `s-${randomUUID()}@example.test`, role: "app_user" });
    await createServiceAccount(acting, { name: "made from outside" });
    await issueToken(acting, { name: "t", scopes: ["all"], owner: { kind: "user", id: person.id } });
    expect((await listPeople(acting, { limit: 10 })).total).toBe(5);
    expect((await pageOfTokens(acting, { limit: 10 })).total).toBe(1);
    for (const reach of [
      () => listCredentials(acting, {}),
      () => fetchSecret(acting, made.id),
      () => createCredential(acting, { provider: "sftp", type: "user_password", data: sftpValues() }),
      () => listAuditEvents(acting, {}),
    ]) {
      await expect(reach()).rejects.toMatchObject(refusal("forbidden"));
    }
    const { events } = await listAuditEvents(other.admin, { targetId: person.id });
    expect(events.map(({ actorName }) => actorName)).toEqual([`${operator.name} (platform)`]);
    await deletePerson(acting, person.id);
  });

  test("is nobody else, and an organisation that is not there answers others as one that is", async () => {
    const other = await tenant();
    for (const orgId of [other.orgId, randomUUID()]) {
      await expect(assumeOrganization(home.admin, orgId)).rejects.toMatchObject(refusal("forbidden"));
    }
    await expect(assumeOrganization(operator, randomUUID())).rejects.toMatchObject(refusal("not_found"));
    const reader = { ...operator, scopes: ["read"] as const };
    await expect(assumeOrganization(reader, other.orgId)).rejects.toMatchObject(refusal("forbidden"));
  });
});

test("two platform administrators cannot remove each other at the same moment", async () => {
  const [one, two] = [await tenant(), await tenant()];
  const [first, second] = [await one.person("backoffice"), await two.person("backoffice")];
  const answers = await Promise.allSettled([
    deleteOrganization(first, two.orgId, { force: true }),
    deleteOrganization(second, one.orgId, { force: true }),
  ]);
  // Others may be there from other tests; what counts is that one is left.
  const { items } = await pageOfOrganizations(system(), { limit: 10_000 });
  expect(answers.some(({ status }) => status === "fulfilled")).toBe(true);
  expect(items.some(({ id }) => id === home.orgId)).toBe(true);
});

test("organisations are found by a part of their name, whatever its case", async () => {
  const word = randomUUID();
  for (const name of [`Alpha ${word}`, `Beta ${word}`]) await createOrganization(system(), { name });
  const found = async (q: string) =>
    (await pageOfOrganizations(system(), { q, order: "name_asc", limit: 10 })).items.map(({ name }) => name);
  expect(await found(word.toUpperCase())).toEqual([`Alpha ${word}`, `Beta ${word}`]);
  expect(await found(`beta ${word}`)).toEqual([`Beta ${word}`]);
  expect(await found("%")).not.toContain(`Alpha ${word}`);
});
