import { randomUUID } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { createCredential, getCredential } from "@/lib/credentials";
import {
  acceptLink,
  createUser,
  deletePerson,
  getPerson,
  inviteAgain,
  invitePerson,
  listPeople,
  liveSession,
  offerReset,
  openLink,
  setPersonActive,
  signIn,
  updatePerson,
} from "@/lib/identity";
import { authenticateToken } from "@/lib/identity/tokens";
import { listAuditEvents } from "@/lib/platform/audit/history";
import { PASSWORD, sftpValues, type Tenant, tenant } from "@/test/tenant";
import { atLater, refusal } from "@/test/time-travel";

let own: Tenant;
let stranger: Tenant;
beforeAll(async () => {
  [own, stranger] = [await tenant(), await tenant()];
});

const email = () => `p-${randomUUID()}@example.test`;
const from = { requestId: "test-request", address: "192.0.2.1" };
const someone = (of = own) => createUser(of.admin, { email: email(), role: "app_user", password: PASSWORD });
const session = (address: string, password = PASSWORD) =>
  signIn({ email: address, password, address: randomUUID(), userAgent: "test", requestId: "test-request" });
const alive = async ({ orgId, sessionId }: Awaited<ReturnType<typeof session>>) =>
  (await liveSession(orgId, sessionId)) !== null;
const stale = () => ({ ...own.admin, passwordCheckedAt: new Date(Date.now() - 301_000) });
const stepUp = { code: "forbidden", details: { step_up: true } };

describe("a person", () => {
  test("is shown by first and last name, else by the front of the address", async () => {
    const named = await createUser(own.admin, {
      email: email(),
      role: "app_user",
      firstName: "Ana",
      lastName: "López",
    });
    expect(named.name).toBe("Ana López");
    expect((await updatePerson(own.admin, named.id, { lastName: "Díaz" })).name).toBe("Ana Díaz");
    const { email: address, name } = await createUser(own.admin, { email: email(), role: "app_user" });
    expect(name).toBe(address.split("@")[0]);
  });

  test("whose role, address or password changes is signed out everywhere", async () => {
    for (const change of [{ role: "auditor" }, { email: email() }, { password: `${PASSWORD}!` }] as const) {
      const person = await someone();
      const live = await session(person.email);
      await updatePerson(own.admin, person.id, change);
      expect(await alive(live)).toBe(false);
      await expect(updatePerson(stale(), person.id, { role: "org_admin" })).rejects.toMatchObject(stepUp);
    }
  });

  test("who is shut out loses sessions and tokens at once, and has the tokens back when let in again", async () => {
    const person = await someone();
    const live = await session(person.email);
    const token = await own.token({ ...own.user, id: person.id });
    const signsIn = () => authenticateToken(token, "test-request", "192.0.2.1").then(Boolean, () => false);
    expect(await signsIn()).toBe(true);
    await setPersonActive(own.admin, person.id, false);
    expect(await alive(live)).toBe(false);
    await expect.poll(signsIn).toBe(false);
    await expect(session(person.email)).rejects.toMatchObject(refusal("unauthenticated"));
    await setPersonActive(own.admin, person.id, true);
    await expect.poll(signsIn).toBe(true);
  });

  test("who is deleted takes the tokens along; credentials become the administrator's who does it", async () => {
    const person = await someone();
    const actor = { ...own.user, id: person.id, name: person.email };
    const kept = await createCredential(actor, { provider: "sftp", type: "user_password", data: sftpValues() });
    const token = await own.token(actor);
    await deletePerson(own.admin, person.id);
    await expect.poll(() => authenticateToken(token, "r", "a").then(Boolean, () => false)).toBe(false);
    expect((await getCredential(own.admin, kept.id)).ownerId).toBe(own.admin.id);
    await expect(getPerson(own.admin, person.id)).rejects.toMatchObject(refusal("not_found"));
    await expect(createUser(own.admin, { id: person.id, email: email(), role: "app_user" })).rejects.toMatchObject(
      refusal("conflict"),
    );
  });

  test("of another organisation does not exist", async () => {
    const { id } = await someone(stranger);
    for (const ask of [
      () => getPerson(own.admin, id),
      () => updatePerson(own.admin, id, { firstName: "X" }),
      () => setPersonActive(own.admin, id, false),
      () => deletePerson(own.admin, id),
      () => offerReset(own.admin, id),
      () => inviteAgain(own.admin, id),
    ]) {
      await expect(ask()).rejects.toMatchObject(refusal("not_found"));
    }
  });

  test("is refused to everybody without the right to manage people", async () => {
    const { id } = await someone();
    for (const actor of [own.user, own.auditor, own.program]) {
      await expect(updatePerson(actor, id, { firstName: "X" })).rejects.toMatchObject(refusal("forbidden"));
      await expect(deletePerson(actor, id)).rejects.toMatchObject(refusal("forbidden"));
      await expect(offerReset(actor, id)).rejects.toMatchObject(refusal("forbidden"));
      await expect(invitePerson(actor, { email: email(), role: "app_user" })).rejects.toMatchObject(
        refusal("forbidden"),
      );
    }
  });
});

test("people are found by part of a name or address, page by page", async () => {
  const fresh = await tenant();
  for (const firstName of ["Zoë", "Yan", "Xia"]) {
    await createUser(fresh.admin, { email: email(), firstName, lastName: "Searched", role: "app_user" });
  }
  const first = await listPeople(fresh.admin, { q: "searched", order: "name_asc", limit: 2 });
  expect([first.items.map(({ firstName }) => firstName), first.total, first.remaining]).toEqual([["Xia", "Yan"], 3, 1]);
  const rest = await listPeople(fresh.admin, { q: "searched", order: "name_asc", after: first.items[1]?.id, limit: 2 });
  expect([rest.items.map(({ firstName }) => firstName), rest.remaining]).toEqual([["Zoë"], 0]);
  expect((await listPeople(fresh.admin, { role: "org_admin", limit: 10 })).items).toHaveLength(1);
});

describe("the last administrator", () => {
  test("of an organisation cannot be removed, demoted or shut out, and with a second one can", async () => {
    const fresh = await tenant();
    await updatePerson(fresh.admin, fresh.admin.id, { password: PASSWORD });
    const { id } = fresh.admin;
    const system = { ...fresh.admin, kind: "system", id: "command line", role: "system" } as const;
    const acts = [
      () => updatePerson(system, id, { role: "app_user" }),
      () => setPersonActive(system, id, false),
      () => deletePerson(system, id),
    ];
    for (const act of acts) await expect(act()).rejects.toMatchObject(refusal("conflict"));
    await createUser(system, { email: email(), role: "org_admin" }); // pending: cannot sign in yet
    await expect(deletePerson(system, id)).rejects.toMatchObject(refusal("conflict"));
    await createUser(system, { email: email(), role: "org_admin", password: PASSWORD });
    await expect(deletePerson(system, id)).resolves.toBeUndefined();
  });

  test("stays, also when two administrators demote each other at the same moment", async () => {
    const fresh = await tenant();
    const second = await fresh.person("org_admin");
    for (const one of [fresh.admin, second]) await updatePerson(one, one.id, { password: PASSWORD });
    const answers = await Promise.allSettled([
      updatePerson(fresh.admin, second.id, { role: "app_user" }),
      updatePerson(second, fresh.admin.id, { role: "app_user" }),
    ]);
    expect(answers.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
  });

  test("of the platform is out of an organisation administrator's reach", async () => {
    const operator = await own.person("backoffice");
    for (const act of [
      () => updatePerson(own.admin, operator.id, { email: email() }),
      () => updatePerson(own.admin, operator.id, { password: PASSWORD }),
      () => setPersonActive(own.admin, operator.id, false),
      () => deletePerson(own.admin, operator.id),
      () => offerReset(own.admin, operator.id),
      () => updatePerson(own.admin, own.user.id, { role: "backoffice" }),
    ]) {
      await expect(act()).rejects.toMatchObject(refusal("forbidden"));
    }
  });
});

describe("a link", () => {
  test("of an invitation sets the password once, and its secret is kept nowhere", async () => {
    const { secret, view } = await invitePerson(own.admin, { email: email(), role: "auditor", firstName: "Ida" });
    expect(view).toMatchObject({ status: "pending", link: { kind: "invite" }, hasPassword: false });
    expect(await openLink(secret, from)).toMatchObject({ kind: "invite", email: view.email, organization: own.name });
    await expect(acceptLink(secret, "short", from)).rejects.toMatchObject(refusal("invalid"));
    const accepted = await Promise.allSettled([acceptLink(secret, PASSWORD, from), acceptLink(secret, PASSWORD, from)]);
    expect(accepted.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    expect(await openLink(secret, from)).toBeNull();
    await expect(session(view.email)).resolves.toMatchObject({ userId: view.id });
    expect(await getPerson(own.admin, view.id)).toMatchObject({ status: "active", link: null });
  });

  test("of an invitation lives seven days, and a fresh one replaces it", async () => {
    const first = await invitePerson(own.admin, { email: email(), role: "app_user" });
    const second = await inviteAgain(own.admin, first.view.id);
    expect([await openLink(first.secret, from), await openLink(second.secret, from)]).toEqual([
      null,
      expect.anything(),
    ]);
    await atLater(7 * 86_400_000 + 1_000, async () => {
      expect(await openLink(second.secret, from)).toBeNull();
      await expect(acceptLink(second.secret, PASSWORD, from)).rejects.toMatchObject(refusal("not_found"));
    });
  });

  test("for a new password lives an hour and ends every session", async () => {
    const person = await someone();
    const live = await session(person.email);
    const { secret } = await offerReset(own.admin, person.id);
    expect(await alive(live)).toBe(false);
    expect(await atLater(3_601_000, () => openLink(secret, from))).toBeNull();
    const meanwhile = await session(person.email);
    await acceptLink(secret, `${PASSWORD} again`, from);
    expect(await alive(meanwhile)).toBe(false);
    await expect(session(person.email)).rejects.toMatchObject(refusal("unauthenticated"));
    await expect(session(person.email, `${PASSWORD} again`)).resolves.toBeDefined();
  });

  test("does not work for somebody shut out meanwhile", async () => {
    const { secret, view } = await invitePerson(own.admin, { email: email(), role: "app_user" });
    await setPersonActive(own.admin, view.id, false);
    await expect(acceptLink(secret, PASSWORD, from)).rejects.toMatchObject(refusal("not_found"));
  });

  test("is made only after a password check of the last five minutes", async () => {
    const person = await someone();
    await expect(offerReset(stale(), person.id)).rejects.toMatchObject(stepUp);
    await expect(invitePerson(stale(), { email: email(), role: "app_user" })).rejects.toMatchObject(stepUp);
  });
});

test("every change of a person is on record, by the names of its fields", async () => {
  const fresh = await tenant();
  const { id } = await someone(fresh);
  await updatePerson(fresh.admin, id, { firstName: "New", role: "auditor" });
  await setPersonActive(fresh.admin, id, false);
  await setPersonActive(fresh.admin, id, true);
  await offerReset(fresh.admin, id);
  await deletePerson(fresh.admin, id);
  const { events } = await listAuditEvents(fresh.admin, { targetId: id });
  expect(events.map(({ action, fields }) => `${action} ${fields.join()}`.trim()).reverse()).toEqual([
    "user.created",
    "user.updated first_name,role",
    "user.disabled",
    "user.enabled",
    "user.reset_offered",
    "user.deleted",
  ]);
});
