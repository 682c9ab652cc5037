import { randomUUID } from "node:crypto";
import { beforeEach, describe, expect, test } from "vitest";
import {
  createCredential,
  deleteCredential,
  fetchSecret,
  getCredential,
  listCredentials,
  updateCredential,
} from "@/lib/credentials";
import { deletePerson, holdingsOf, updatePerson } from "@/lib/identity";
import { createServiceAccount, deleteServiceAccount, issueToken } from "@/lib/identity/tokens";
import { authenticateToken } from "@/lib/identity/tokens/authenticate";
import { platformActor } from "@/lib/organizations";
import { listAuditEvents } from "@/lib/platform/audit/history";
import { inSight, wholeOf } from "@/lib/platform/db";
import { sftpValues, type Tenant, tenant } from "@/test/tenant";
import {
  accessOfSubject,
  accessToCredential,
  answerRequest,
  askForAccess,
  blastRadius,
  createGroup,
  deleteGroup,
  grantAccess,
  listRequests,
  narrowToUsed,
  previewNarrowing,
  takeAway,
  takeAwayOver,
  waitingRequests,
  withdrawRequest,
} from "./index";

let own: Tenant;
beforeEach(async () => {
  own = await tenant();
});

const made = async (tags: string[] = [], by = own.user) =>
  (
    await createCredential(by, {
      provider: "sftp",
      type: "user_password",
      data: sftpValues(),
      tags,
      name: randomUUID(),
    })
  ).id;
const person = (actor = own.other) => ({ kind: "user", id: actor.id }) as const;
const program = () => ({ kind: "service_account", id: own.program.id }) as const;
const over = (key: string) => ({ reach: "credential", key }) as const;
const refused = (code: string) => expect.objectContaining({ code });
const grantsOf = (subjectId: string) =>
  inSight(wholeOf(own.orgId), (tx) => tx.accessGrant.findMany({ where: { orgId: own.orgId, subjectId } }));

describe("granting", () => {
  test("is for those who manage what is granted over, and hands on no more than that", async () => {
    const id = await made(["t"]);
    const give = (actor: typeof own.user, reach: object, rights: string[] = ["see"]) =>
      grantAccess(actor, { subject: person(own.auditor), ...reach, rights } as never);
    await expect(give(own.user, over(id))).resolves.toMatchObject([{ right: "see", reach: "credential", key: id }]);
    await expect(give(own.other, over(id))).rejects.toEqual(refused("not_found"));
    for (const rights of [["see"], ["use"], ["edit"]] as const) {
      await grantAccess(own.user, { subject: person(), ...over(id), rights });
      await expect(give(own.other, over(id))).rejects.toEqual(refused("forbidden"));
    }
    await grantAccess(own.user, { subject: person(), ...over(id), rights: ["manage"] });
    await expect(give(own.other, over(id))).resolves.toHaveLength(1);
    const wide = [
      { reach: "tag", key: "t" },
      { reach: "kind", key: "sftp" },
      { reach: "all", key: "" },
    ] as const;
    for (const reach of wide) {
      await expect(give(own.other, reach), reach.reach).rejects.toEqual(refused("forbidden"));
      await expect(give(own.auditor, reach), reach.reach).rejects.toEqual(refused("forbidden"));
      await expect(give(own.admin, reach), reach.reach).resolves.toHaveLength(1);
    }
    await grantAccess(own.admin, { subject: person(), reach: "tag", key: "t", rights: ["manage"] });
    await expect(give(own.other, { reach: "tag", key: "t" })).resolves.toHaveLength(1);
    await expect(give(own.other, { reach: "kind", key: "sftp" })).rejects.toEqual(refused("forbidden"));
  });

  test("to nobody, over nothing or until yesterday is refused by the field's name", async () => {
    const id = await made();
    const stranger = await tenant();
    const give = (change: object) =>
      grantAccess(own.user, { subject: person(), ...over(id), rights: ["see"], ...change } as never);
    const field = (name: string) => expect.objectContaining({ fields: [expect.objectContaining({ path: [name] })] });
    await expect(give({ subject: person(stranger.user) })).rejects.toEqual(field("subject_id"));
    await expect(give({ subject: { kind: "group", id: "x" } })).rejects.toEqual(field("subject_id"));
    await expect(give({ rights: [] })).rejects.toEqual(field("rights"));
    await expect(give({ expiresAt: new Date(0) })).rejects.toEqual(field("expires_at"));
    await expect(give({ key: "x" })).rejects.toEqual(field("key"));
    await expect(give({ key: randomUUID() })).rejects.toEqual(refused("not_found"));
    await expect(grantAccess(stranger.admin, { subject: person(), ...over(id), rights: ["see"] })).rejects.toEqual(
      refused("not_found"),
    );
  });

  test("and taking away are on record, with who, what and to whom", async () => {
    const id = await made();
    const [grant] = await grantAccess(own.user, {
      subject: person(),
      ...over(id),
      rights: ["use"],
      reason: "Month end",
    });
    await takeAway(own.user, grant?.id ?? "");
    await expect(takeAway(own.user, grant?.id ?? "")).rejects.toEqual(refused("not_found"));
    const { events } = await listAuditEvents(own.admin, { targetId: id });
    expect(events.map(({ action, actorId, outcome }) => [action, actorId, outcome])).toEqual(
      expect.arrayContaining([
        ["access.granted", own.user.id, "done"],
        ["access.taken_away", own.user.id, "done"],
      ]),
    );
    expect(events.find(({ action }) => action === "access.granted")?.fields).toEqual(["use", `user:${own.other.id}`]);
  });

  test("anew moves the end and the reason, and makes no second grant", async () => {
    const id = await made();
    const end = new Date(Date.now() + 3_600_000);
    await grantAccess(own.user, { subject: person(), ...over(id), rights: ["see"] });
    await grantAccess(own.user, {
      subject: person(),
      ...over(id),
      rights: ["see"],
      expiresAt: end,
      reason: "Until then",
    });
    expect(await grantsOf(own.other.id)).toMatchObject([{ expiresAt: end, reason: "Until then" }]);
  });
});

describe("what is granted", () => {
  test("ends with its credential, its subject and its group", async () => {
    const [id, other] = [await made(), await made()];
    const group = await createGroup(own.admin, { name: "G" });
    const account = await createServiceAccount(own.admin, { name: "gone soon" });
    for (const subject of [
      person(),
      { kind: "group", id: group.id },
      { kind: "service_account", id: account.id },
    ] as const)
      for (const key of [id, other]) await grantAccess(own.user, { subject, ...over(key), rights: ["see"] });
    await deleteCredential(own.user, id);
    await deleteGroup(own.admin, group.id);
    await deleteServiceAccount(own.admin, account.id);
    expect(await grantsOf(own.other.id)).toMatchObject([{ credentialId: other }]);
    for (const gone of [group.id, account.id]) expect(await grantsOf(gone)).toEqual([]);
  });

  test("keeps the last person who manages what nobody owns", async () => {
    const id = await made();
    await deletePerson(own.admin, own.user.id);
    await inSight(wholeOf(own.orgId), (tx) => tx.credential.updateMany({ where: { id }, data: { ownerId: null } }));
    const [first] = await grantAccess(own.admin, { subject: person(), ...over(id), rights: ["manage"] });
    await expect(takeAway(own.admin, first?.id ?? "")).rejects.toEqual(refused("conflict"));
    await grantAccess(own.admin, { subject: person(own.admin), ...over(id), rights: ["manage"] });
    await expect(takeAway(own.admin, first?.id ?? "")).resolves.toBeUndefined();
  });

  test("by a tag is given by nobody who may only edit: such a tag is put on and taken off by who manages", async () => {
    const [tagged, plain] = [await made(["shared"]), await made()];
    await grantAccess(own.admin, { subject: program(), reach: "tag", key: "shared", rights: ["use"] });
    for (const id of [tagged, plain]) await grantAccess(own.user, { subject: person(), ...over(id), rights: ["edit"] });
    const tags = (id: string, next: string[], by = own.other) => updateCredential(by, id, { tags: next });
    await expect(tags(plain, ["shared"])).rejects.toEqual(refused("forbidden"));
    await expect(tags(tagged, [])).rejects.toEqual(refused("forbidden"));
    await expect(tags(tagged, ["shared", "more"])).resolves.toMatchObject({ tags: ["more", "shared"] });
    await expect(tags(plain, ["shared"], own.user)).resolves.toMatchObject({ tags: ["shared"] });
  });
});

describe("both questions", () => {
  test("who can, and what can, name grants, groups, owner, roles and the last use", async () => {
    const id = await made(["t"]);
    const group = await createGroup(own.admin, { name: "Readers" });
    await grantAccess(own.admin, { subject: { kind: "group", id: group.id }, reach: "tag", key: "t", rights: ["see"] });
    await grantAccess(own.user, { subject: person(), ...over(id), rights: ["edit"] });
    await updateCredential(own.other, id, { name: randomUUID() });
    await fetchSecret(own.program, id);
    const who = await accessToCredential(own.user, id);
    const of = (subject: string) => who.reachers.find((one) => one.subject.id === subject);
    expect(of(own.user.id)).toMatchObject({ isOwner: true, rights: ["see", "edit", "manage"], grants: [] });
    expect(of(own.other.id)).toMatchObject({ rights: ["see", "edit"], lastUsedAt: expect.any(String) });
    expect(of(group.id)).toMatchObject({ rights: ["see"], grants: [{ reach: "tag", key: "t" }] });
    expect(of(own.program.id)).toMatchObject({
      rights: ["see", "use", "edit", "manage"],
      lastUsedAt: expect.any(String),
    });
    expect(who.roles.map(({ role }) => role).sort()).toEqual(["auditor", "org_admin"]);
    const what = await accessOfSubject(own.admin, program());
    expect(what.used).toMatchObject([{ id, usedAt: expect.any(String) }]);
    expect(what.grants.find(({ right }) => right === "use")).toMatchObject({
      isQuiet: false,
      lastUsedAt: expect.any(String),
    });
    await expect(accessOfSubject(own.user, person())).rejects.toEqual(refused("forbidden"));
    await expect(accessOfSubject(own.other, person())).resolves.toMatchObject({ grants: [{ right: "edit" }] });
  });
});

describe("a request", () => {
  test("is asked by who sees, answered by who manages, once, and grants what was asked", async () => {
    const id = await made();
    const ask = (reason = "To mend the import") => askForAccess(own.other, { credentialId: id, right: "edit", reason });
    await expect(ask()).rejects.toEqual(refused("not_found"));
    await grantAccess(own.user, { subject: person(), ...over(id), rights: ["see"] });
    const waiting = () => Promise.all([own.admin, own.user, own.auditor, own.other].map(waitingRequests));
    expect(await waiting()).toEqual([0, 0, 0, 0]);
    const asked = await ask();
    expect(await waiting(), "for whoever may answer").toEqual([1, 1, 0, 0]);
    await expect(ask()).rejects.toEqual(refused("conflict"));
    await expect(answerRequest(own.other, asked.id, { isGranted: true })).rejects.toEqual(refused("forbidden"));
    await expect(answerRequest(own.auditor, asked.id, { isGranted: true })).rejects.toEqual(refused("forbidden"));
    expect((await listRequests(own.user, { state: "open" })).map(({ id: one }) => one)).toEqual([asked.id]);
    await answerRequest(own.user, asked.id, { isGranted: true, note: "For a week" });
    expect(await waiting()).toEqual([0, 0, 0, 0]);
    expect((await getCredential(own.other, id)).rights).toEqual(["see", "edit"]);
    await expect(answerRequest(own.user, asked.id, { isGranted: false })).rejects.toEqual(refused("conflict"));
    const manage = await askForAccess(own.other, { credentialId: id, right: "manage", reason: "x" });
    await expect(withdrawRequest(own.user, manage.id)).rejects.toEqual(refused("not_found"));
    await expect(withdrawRequest(own.other, manage.id)).resolves.toMatchObject({ state: "withdrawn" });
    const stranger = await tenant();
    expect(await listRequests(stranger.admin)).toEqual([]);
  });
});

describe("a narrowed token", () => {
  test("does nothing but with credentials, and makes no token", async () => {
    const owner = { kind: "user", id: own.admin.id } as const;
    const { token } = await issueToken(own.admin, { name: "n", scopes: ["all"], owner, limits: { tags: ["t"] } });
    const narrow = await authenticateToken(token, "r", "192.0.2.1");
    const id = await made(["t"]);
    expect((await listCredentials(narrow, {})).items.map((one) => one.id)).toEqual([id]);
    await expect(listAuditEvents(narrow, {})).rejects.toEqual(refused("forbidden"));
    await expect(issueToken(narrow, { name: "m", scopes: ["all"], owner })).rejects.toEqual(refused("forbidden"));
    await expect(grantAccess(narrow, { subject: person(), ...over(id), rights: ["see"] })).rejects.toEqual(
      refused("forbidden"),
    );
  });

  test("by networks signs in from these alone, and makes none that works from others", async () => {
    const owner = { kind: "user", id: own.admin.id } as const;
    const networks = ["192.0.2.0/24", "2001:db8::/32"];
    const { token } = await issueToken(own.admin, { name: "n", scopes: ["all"], owner, limits: { networks } });
    const near = await authenticateToken(token, "r", "192.0.2.77");
    await expect(authenticateToken(token, "r", "2001:db8::7")).resolves.toMatchObject({ id: own.admin.id });
    for (const far of ["192.0.3.1", "2001:db9::1", "::ffff:198.51.100.7", "unknown"]) {
      await expect(authenticateToken(token, "r", far), far).rejects.toEqual(refused("unauthenticated"));
    }
    await expect(issueToken(near, { name: "m", scopes: ["all"], owner })).rejects.toEqual(refused("forbidden"));
    const wider = { limits: { networks: ["0.0.0.0/0"] } };
    await expect(issueToken(near, { name: "m", scopes: ["all"], owner, ...wider })).rejects.toEqual(
      refused("forbidden"),
    );
    const narrower = { limits: { networks: ["192.0.2.0/24"] } };
    await expect(issueToken(near, { name: "m", scopes: ["all"], owner, ...narrower })).resolves.toBeTruthy();
  });

  test.each([
    { networks: ["10.0.0.1/8"] },
    { networks: ["x"] },
    { rights: ["own"] },
    { credentialIds: ["x"] },
    { more: [] },
  ])("is not made of %o", async (limits) => {
    const owner = { kind: "user", id: own.admin.id } as const;
    const order = { name: "n", scopes: ["all"], owner, limits } as never;
    await expect(issueToken(own.admin, order)).rejects.toEqual(refused("invalid"));
  });
});

test("a program from before keeps what it made use of, and nothing else, once it is narrowed", async () => {
  const [fetched, changed, unused] = [await made(), await made(), await made()];
  await inSight(wholeOf(own.orgId), (tx) =>
    tx.accessGrant.updateMany({ where: { subjectId: own.program.id }, data: { fromBefore: true } }),
  );
  await fetchSecret(own.program, fetched);
  await updateCredential(own.program, changed, { name: randomUUID() });
  await expect(previewNarrowing(own.user, own.program.id)).rejects.toEqual(refused("forbidden"));
  expect(await previewNarrowing(own.admin, own.program.id)).toMatchObject({ replaced: 2, kept: 2 });
  await narrowToUsed(own.admin, own.program.id);
  await expect(fetchSecret(own.program, fetched)).resolves.toBeTruthy();
  expect((await getCredential(own.program, changed)).rights).toEqual(["see", "edit"]);
  await expect(getCredential(own.program, unused)).rejects.toEqual(refused("not_found"));
  await expect(narrowToUsed(own.admin, own.program.id)).rejects.toEqual(refused("conflict"));
});

test("a person who goes leaves nothing to nobody: the heir has their credentials and what was granted to them", async () => {
  const [id, shared] = [await made(), await made([], own.admin)];
  await grantAccess(own.admin, { subject: person(own.user), ...over(shared), rights: ["edit"] });
  expect(await holdingsOf(own.admin, own.user.id)).toEqual({ credentials: 1, grants: 1 });
  for (const heirId of [own.user.id, randomUUID(), "x"]) {
    await expect(deletePerson(own.admin, own.user.id, { heirId })).rejects.toEqual(refused("invalid"));
  }
  await updatePerson(own.admin, own.user.id, { active: false, heirId: own.other.id });
  expect((await getCredential(own.other, id)).ownerId).toBe(own.other.id);
  expect((await getCredential(own.other, shared)).rights).toEqual(["see", "edit"]);
  expect(await holdingsOf(own.admin, own.user.id)).toEqual({ credentials: 0, grants: 0 });
  await deletePerson(own.admin, own.other.id);
  expect((await getCredential(own.admin, id)).ownerId).toBe(own.admin.id);
});

test("the blast radius is what was read and not replaced since, by token, program, person or span of time", async () => {
  const [read, replaced, unread] = [await made(), await made(), await made()];
  const system = platformActor("test-blast", own.orgId);
  const { token, view } = await issueToken(system, { name: "t", scopes: ["all"], owner: program() });
  const actor = await authenticateToken(token, "r", "192.0.2.1");
  const from = new Date(Date.now() - 1_000);
  for (const id of [read, replaced]) await fetchSecret(actor, id);
  await updateCredential(own.user, replaced, { data: { mode: "merge", values: { password: "other" } } });
  await fetchSecret(own.program, unread);
  const ids = async (query: Parameters<typeof blastRadius>[1]) =>
    (await blastRadius(own.admin, query)).map(({ id }) => id).sort();
  expect(await ids({ by: { kind: "token", id: view.id } })).toEqual([read]);
  expect(await ids({ by: program() })).toEqual([read, unread].sort());
  expect(await ids({ from, to: new Date() })).toEqual([read, unread].sort());
  expect(await ids({ by: person(own.user) })).toEqual([read, replaced, unread].sort());
  expect(await ids({ by: program(), to: from })).toEqual([]);
  await expect(blastRadius(own.admin, {})).rejects.toEqual(refused("invalid"));
  await expect(blastRadius(own.user, { by: program() })).rejects.toEqual(refused("forbidden"));
  const stranger = await tenant();
  expect(await blastRadius(stranger.admin, { by: program() })).toEqual([]);
});

test("what a program reaches one credential by is taken away whole, wide grants too, and nothing of others", async () => {
  const id = await made(["t"]);
  await grantAccess(own.admin, { subject: person(), reach: "tag", key: "t", rights: ["edit"] });
  await grantAccess(own.admin, { subject: program(), ...over(id), rights: ["use"] });
  const order = { subject: program(), credentialId: id };
  await expect(takeAwayOver(own.auditor, order)).rejects.toEqual(refused("forbidden"));
  const stranger = await tenant();
  await expect(takeAwayOver(stranger.admin, order)).rejects.toEqual(refused("not_found"));
  await expect(fetchSecret(own.program, id)).resolves.toBeTruthy();
  const held = await grantsOf(own.program.id);
  expect(held.map(({ reach }) => reach)).toContain("all");
  expect(await takeAwayOver(own.admin, order)).toBe(held.length);
  expect(await grantsOf(own.program.id)).toEqual([]);
  await expect(fetchSecret(own.program, id)).rejects.toEqual(refused("not_found"));
  expect((await getCredential(own.other, id)).rights).toEqual(["see", "edit"]);
  expect(await takeAwayOver(own.admin, order)).toBe(0);
});
