import { randomBytes, randomUUID } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import type { Actor } from "@/lib/authorization/actor";
import { createCredential, fetchSecret } from "@/lib/credentials";
import * as people from "@/lib/identity";
import {
  acceptLink,
  authenticateByPassword,
  changePassword,
  confirmSetUp,
  createUser,
  inviteAgain,
  invitePerson,
  issueSecurityToken,
  listUnconfirmed,
  liveSession,
  offerReset,
  refuseSetUp,
  setPersonActive,
  signIn,
  updatePerson,
} from "@/lib/identity";
import * as tokens from "@/lib/identity/tokens";
import {
  authenticateToken,
  createServiceAccount,
  issueToken,
  replaceToken,
  rotateToken,
  takeToken,
  updateServiceAccount,
  updateToken,
} from "@/lib/identity/tokens";
import * as organizations from "@/lib/organizations";
import {
  assumeOrganization,
  createOrganization,
  deactivateOrganization,
  updateOrganization,
} from "@/lib/organizations";
import { listAuditEvents } from "@/lib/platform/audit/history";
import { verifyChains } from "@/lib/platform/audit/verify";
import { startApi } from "@/test/api";
import { PASSWORD, sftpValues, type Tenant, tenant } from "@/test/tenant";

/** A platform administrator, at home elsewhere, and an organisation that keeps a secret. */
const SECRET = `pw-${randomUUID()}`;
let own: Tenant;
let operator: Actor;
let delegatedAdmin: Actor;
let secretId: string;
beforeAll(async () => {
  const home = await tenant();
  own = await tenant();
  operator = await home.person("backoffice");
  delegatedAdmin = await assumeOrganization(operator, own.orgId);
  await updatePerson(own.admin, own.admin.id, { password: PASSWORD });
  const data = sftpValues(SECRET);
  secretId = (await createCredential(own.user, { provider: "sftp", type: "user_password", data })).id;
});

const forbidden = { code: "forbidden" };
const from = { requestId: "test-request", address: "192.0.2.9" };
const email = () => `made-${randomUUID()}@example.test`;
const chosen = () => randomBytes(32).toString("base64url");
const asUser = (id: string) => ({ kind: "user" as const, id });
const asProgram = (id: string) => ({ kind: "service_account" as const, id });

type Way = { token: string } | { email: string; password: string };

/** The person's way in by their password. */
const into = async (id: string, password = PASSWORD): Promise<Way> => ({
  email: (await people.getPerson(own.admin, id)).email,
  password,
});
const person = async (role: "org_admin" | "app_user" = "org_admin") =>
  createUser(own.admin, { email: email(), role, password: PASSWORD });
const homeToken = (options = {}) =>
  issueToken(own.admin, { name: "at home", scopes: ["read"], owner: asProgram(own.program.id), ...options });

/** Every way by which a platform administrator gets hold of something that signs in to another organisation. */
const ways: Record<string, () => Promise<Way>> = {
  "a token for a service account": () =>
    issueToken(delegatedAdmin, { name: "t", scopes: ["all"], owner: asProgram(own.program.id) }),
  "a token for an administrator": () =>
    issueToken(delegatedAdmin, { name: "t", scopes: ["all"], owner: asUser(own.admin.id) }),
  "a token of their choice": async () => {
    const token = chosen();
    await takeToken(delegatedAdmin, { name: "t", scopes: ["all"], owner: asProgram(own.program.id) }, token);
    return { token };
  },
  "a service account of their own making, with a token": async () => {
    const { id } = await createServiceAccount(delegatedAdmin, { name: `made ${randomUUID()}` });
    return issueToken(delegatedAdmin, { name: "t", scopes: ["all"], owner: asProgram(id) });
  },
  "a token that is rotated": async () =>
    rotateToken(delegatedAdmin, (await homeToken()).view.id, { overlapSeconds: 0 }),
  "a token whose secret is replaced": async () => {
    const token = chosen();
    await replaceToken(delegatedAdmin, (await homeToken()).view.id, { token });
    return { token };
  },
  "a token that is switched on": async () => {
    const { token, view } = await homeToken({ active: false });
    await updateToken(delegatedAdmin, view.id, { active: true });
    return { token };
  },
  "a token that is widened": async () => {
    const { token, view } = await homeToken();
    await updateToken(delegatedAdmin, view.id, { scopes: ["admin"] });
    return { token };
  },
  "a token that is made to live longer": async () => {
    const { token, view } = await homeToken({ expiresAt: new Date(Date.now() + 60_000) });
    await updateToken(delegatedAdmin, view.id, { expiresAt: null });
    return { token };
  },
  "a token of a confirmed kind, asked for again": async () => {
    const order = { name: "t", scopes: ["all" as const], owner: asProgram(own.program.id), reservedId: randomUUID() };
    const { view } = await issueToken(delegatedAdmin, order);
    await confirmSetUp(own.admin, { kind: "token", id: view.id });
    return issueToken(delegatedAdmin, order);
  },
  "a service account that is switched on": async () => {
    const { id } = await createServiceAccount(own.admin, { name: `off ${randomUUID()}` });
    const { token } = await issueToken(own.admin, { name: "t", scopes: ["all"], owner: asProgram(id) });
    await updateServiceAccount(own.admin, id, { status: "inactive" });
    await updateServiceAccount(delegatedAdmin, id, { status: "active" });
    return { token };
  },
  "a person with a password": async () =>
    into((await createUser(delegatedAdmin, { email: email(), role: "org_admin", password: PASSWORD })).id),
  "an invitation": async () => {
    const { secret, view } = await invitePerson(delegatedAdmin, { email: email(), role: "org_admin" });
    await acceptLink(secret, PASSWORD, from);
    return into(view.id);
  },
  "an invitation made anew": async () => {
    const { view } = await invitePerson(own.admin, { email: email(), role: "org_admin" });
    await acceptLink((await inviteAgain(delegatedAdmin, view.id)).secret, PASSWORD, from);
    return into(view.id);
  },
  "a link for a new password": async () => {
    const { id } = await person();
    await acceptLink((await offerReset(delegatedAdmin, id)).secret, `${PASSWORD} anew`, from);
    return into(id, `${PASSWORD} anew`);
  },
  "a password set for somebody": async () => {
    const { id } = await person();
    await updatePerson(delegatedAdmin, id, { password: `${PASSWORD} anew` });
    return into(id, `${PASSWORD} anew`);
  },
  "a password set, and then changed by who knows it": async () => {
    const { id } = await createUser(delegatedAdmin, { email: email(), role: "org_admin", password: PASSWORD });
    const way = (await into(id)) as { email: string; password: string };
    const session = await signedIn(way);
    await changePassword(session, PASSWORD, `${PASSWORD} anew`);
    return { ...way, password: `${PASSWORD} anew` };
  },
  "an address changed": async () => {
    const { id } = await person();
    await updatePerson(delegatedAdmin, id, { email: email() });
    return into(id);
  },
  "a role changed": async () => {
    const { id } = await person("app_user");
    await updatePerson(delegatedAdmin, id, { role: "org_admin" });
    return into(id);
  },
  "a person let in again": async () => {
    const { id } = await person();
    await setPersonActive(own.admin, id, false);
    await setPersonActive(delegatedAdmin, id, true);
    return into(id);
  },
  "a token of a person let in again": async () => {
    const { id } = await person();
    const { token } = await issueToken(own.admin, { name: "t", scopes: ["all"], owner: asUser(id) });
    await setPersonActive(own.admin, id, false);
    await setPersonActive(delegatedAdmin, id, true);
    return { token };
  },
};

async function signedIn(way: { email: string; password: string }, orgId = own.orgId): Promise<Actor> {
  const { sessionId } = await signIn({ ...way, ...from, organizationId: orgId, userAgent: "" });
  const session = await liveSession(orgId, sessionId);
  if (!session) throw new Error("the session has not begun");
  return { ...session.actor, ...from };
}

/** What the way makes somebody at every place that lets people in. */
async function actorsBy(way: Way): Promise<Actor[]> {
  if ("token" in way) return [await authenticateToken(way.token, from.requestId, from.address)];
  const byHeaders = await authenticateByPassword({ ...way, ...from, organizationId: own.orgId });
  const { token } = await issueSecurityToken(byHeaders);
  return [await signedIn(way), byHeaders, await people.authenticateSecurityToken(token, from)];
}

const routes = Object.keys(import.meta.glob("../../../app/[(](superai|flowise|litegraph)[)]/**/route.ts"));

/** The addresses of every route of every door, with what the organisation has in the place of the parameters. */
const addresses = () =>
  routes.map((file) =>
    file
      .replace(/^.*?\/app\//, "/")
      .replace(/\/\([a-z]+\)|\/route\.ts$/g, "")
      .replace("[tenantGuid]", own.orgId)
      .replace("[userGuid]", own.user.id)
      .replace("[provider]", "sftp")
      .replace(/\[[^/]+\]+/g, secretId),
  );

const everyWay = Object.keys(ways);
const wayIn = (name: string): Promise<Way> => ways[name]?.() ?? Promise.reject(new Error(`no way ${name}`));

describe("a platform administrator", () => {
  const api = startApi();

  test.each(everyWay)("has nothing in another organisation by %s, until it is confirmed", async (name) => {
    const way = await wayIn(name);
    for (const actor of await actorsBy(way)) {
      expect(actor).toMatchObject({ orgId: own.orgId, role: "unconfirmed" });
      expect(actor.name).toContain(`${operator.name} (platform)`);
      await expect(fetchSecret(actor, secretId)).rejects.toMatchObject(forbidden);
      await expect(issueToken(actor, { name: "t", scopes: ["all"], owner: asUser(actor.id) })).rejects.toMatchObject(
        forbidden,
      );
      await expect(invitePerson(actor, { email: email(), role: "org_admin" })).rejects.toMatchObject(forbidden);
      for (const { kind, id } of await listUnconfirmed(own.admin))
        await expect(confirmSetUp(actor, { kind, id })).rejects.toMatchObject(forbidden);
    }
  });

  test("reads no secret at any route of any door, with a token of their own or of their making", async () => {
    const door = await api;
    expect(routes.length).toBeGreaterThan(40);
    const home = (await issueToken(operator, { name: "own", scopes: ["all"], owner: asUser(operator.id) })).token;
    const made: Way[] = [];
    for (const name of ["a token for a service account", "a token for an administrator", "a person with a password"])
      made.push(await wayIn(name));
    const sent = async (way: Way) => {
      if ("token" in way) return { token: way.token };
      const proof = await authenticateByPassword({ ...way, ...from, organizationId: own.orgId });
      return { headers: { "x-token": (await issueSecurityToken(proof)).token } };
    };
    const credentials = await Promise.all([{ token: home }, ...made].map(sent));
    for (const as of credentials) {
      for (const path of addresses()) {
        for (const method of ["GET", "POST", "PUT", "PATCH"]) {
          const more = method === "GET" ? {} : { body: { id: secretId, UserGUID: own.admin.id, active: true } };
          const { text, status } = await door.send(method, path, { ...as, ...more });
          expect(text, `${method} ${path}`).not.toContain(SECRET);
          expect(status, `${method} ${path}`).not.toBe(500);
        }
      }
    }
  }, 180_000);

  test("calls every function of people and tokens in another organisation, and is let confirm nothing", async () => {
    const services = Object.entries({ ...people, ...organizations, ...tokens }).filter(
      ([, one]) => typeof one === "function",
    );
    expect(services.length).toBeGreaterThan(50);
    for (const [name, service] of services) {
      const call = service as (...given: unknown[]) => unknown;
      const answer = await Promise.resolve()
        .then(() => call(delegatedAdmin, randomUUID(), {}, {}))
        .then(
          (value) => JSON.stringify(value, (_, one) => (typeof one === "bigint" ? String(one) : one)) ?? "",
          () => "",
        );
      expect(answer, name).not.toContain(SECRET);
    }
    const { view } = await issueToken(delegatedAdmin, { name: "t", scopes: ["all"], owner: asProgram(own.program.id) });
    for (const act of [confirmSetUp, refuseSetUp])
      await expect(act(delegatedAdmin, { kind: "token", id: view.id })).rejects.toMatchObject(forbidden);
    await expect(listUnconfirmed(delegatedAdmin)).rejects.toMatchObject(forbidden);
  });

  test("does not take the way in from those who have it: an offered link and a new name change nothing", async () => {
    const { id } = await person();
    await offerReset(delegatedAdmin, id);
    await updatePerson(delegatedAdmin, id, { firstName: "Ana" });
    expect(await actorsBy(await into(id))).toMatchObject([{ role: "org_admin" }, {}, {}]);
  });

  test("leaves an organisation with an administrator who can confirm", async () => {
    const other = await tenant();
    const acting = await assumeOrganization(operator, other.orgId);
    await updatePerson(other.admin, other.admin.id, { password: PASSWORD });
    await createUser(acting, { email: email(), role: "org_admin", password: PASSWORD });
    await expect(people.deletePerson(acting, other.admin.id)).rejects.toMatchObject({ code: "conflict" });
  });
});

describe("what the platform set up", () => {
  test("is shown to the organisation's administrators, and works when one of them confirms it", async () => {
    const { token, view } = await issueToken(delegatedAdmin, {
      name: "for the engine",
      scopes: ["all"],
      owner: asProgram(own.program.id),
    });
    const shown = {
      kind: "token",
      id: view.id,
      name: "for the engine",
      for: own.program.name,
      by: delegatedAdmin.name,
    };
    expect(await listUnconfirmed(own.admin)).toContainEqual(shown);
    for (const one of [own.user, own.auditor, own.program])
      await expect(confirmSetUp(one, { kind: "token", id: view.id })).rejects.toMatchObject(forbidden);
    const stale = { ...own.admin, passwordCheckedAt: new Date(0) };
    await expect(confirmSetUp(stale, { kind: "token", id: view.id })).rejects.toMatchObject(forbidden);
    await confirmSetUp(own.admin, { kind: "token", id: view.id });
    const actor = await authenticateToken(token, from.requestId, from.address);
    expect((await fetchSecret(actor, secretId)).data).toMatchObject({ password: SECRET });
    await expect(confirmSetUp(own.admin, { kind: "token", id: view.id })).rejects.toMatchObject({ code: "not_found" });
  });

  test("is among the people as one who waits, and as nothing else, until it is confirmed or switched off", async () => {
    const { id } = await createUser(delegatedAdmin, { email: email(), role: "app_user", password: PASSWORD });
    const states = ["active", "pending", "unconfirmed", "inactive"] as const;
    const shownAs = async () => {
      const found = await Promise.all(states.map((status) => people.listPeople(own.admin, { status, limit: 1_000 })));
      return states.filter((_, at) => found[at]?.items.some((one) => one.id === id));
    };
    expect(await people.getPerson(own.admin, id)).toMatchObject({ status: "active", unconfirmed: true });
    expect(await shownAs()).toEqual(["unconfirmed"]);
    await confirmSetUp(own.admin, { kind: "person", id });
    expect(await people.getPerson(own.admin, id)).toMatchObject({ status: "active", unconfirmed: false });
    expect(await shownAs()).toEqual(["active"]);
    const waiting = await createUser(delegatedAdmin, { email: email(), role: "app_user", password: PASSWORD });
    await people.setPersonActive(own.admin, waiting.id, false);
    const inactive = await people.listPeople(own.admin, { status: "inactive", limit: 1_000 });
    expect(inactive.items.map((one) => one.id)).toContain(waiting.id);
  });

  test("waits again when the platform takes it in hand again", async () => {
    const { view } = await issueToken(delegatedAdmin, { name: "t", scopes: ["all"], owner: asProgram(own.program.id) });
    await confirmSetUp(own.admin, { kind: "token", id: view.id });
    const { token } = await rotateToken(delegatedAdmin, view.id, { overlapSeconds: 0 });
    await expect(fetchSecret(await authenticateToken(token, "r", "a"), secretId)).rejects.toMatchObject(forbidden);
  });

  test("is not what an organisation's people had when it was shut out as a whole; more than that, and others, wait", async () => {
    const shut = await tenant();
    const made = async () => createUser(shut.admin, { email: email(), role: "org_admin", password: PASSWORD });
    const [boss, raised, gone, renamed] = [await made(), await made(), await made(), await made()];
    await setPersonActive(shut.admin, gone.id, false);
    await deactivateOrganization(operator, shut.orgId);
    await updateOrganization(operator, shut.orgId, { active: true });
    const acting = await assumeOrganization(operator, shut.orgId);
    await updatePerson(acting, renamed.id, { email: email() });
    const back = [
      await setPersonActive(acting, boss.id, true),
      await updatePerson(acting, raised.id, { active: true, password: `${PASSWORD} anew` }),
      await setPersonActive(acting, gone.id, true),
      await setPersonActive(acting, renamed.id, true),
    ];
    expect(back.map(({ status, unconfirmed }) => [status, unconfirmed])).toEqual([
      ["active", false],
      ["active", true],
      ["active", true],
      ["active", true],
    ]);
    expect(await signedIn({ email: boss.email, password: PASSWORD }, shut.orgId)).toMatchObject({ role: "org_admin" });
    // Shut out once more, by a decision about them alone, they wait as well.
    await made();
    await setPersonActive(acting, boss.id, false);
    expect(await setPersonActive(acting, boss.id, true)).toMatchObject({ unconfirmed: true });
  });

  test("is gone when it is refused", async () => {
    const { token, view } = await issueToken(delegatedAdmin, {
      name: "t",
      scopes: ["all"],
      owner: asProgram(own.program.id),
    });
    await refuseSetUp(own.admin, { kind: "token", id: view.id });
    await expect(authenticateToken(token, "r", "a")).rejects.toMatchObject({ code: "unauthenticated" });
    const made = await createUser(delegatedAdmin, { email: email(), role: "org_admin", password: PASSWORD });
    await refuseSetUp(own.admin, { kind: "person", id: made.id });
    await expect(signedIn({ email: made.email, password: PASSWORD })).rejects.toMatchObject({
      code: "unauthenticated",
    });
    const { id } = await person();
    const { secret } = await offerReset(delegatedAdmin, id);
    expect(await listUnconfirmed(own.admin)).toContainEqual(expect.objectContaining({ kind: "link", id }));
    await refuseSetUp(own.admin, { kind: "link", id });
    await expect(acceptLink(secret, PASSWORD, from)).rejects.toMatchObject({ code: "not_found" });
  });

  test("is the person's own once the organisation itself gave them the way in", async () => {
    const { view } = await invitePerson(delegatedAdmin, { email: email(), role: "app_user" });
    await acceptLink((await inviteAgain(own.admin, view.id)).secret, PASSWORD, from);
    expect(await actorsBy(await into(view.id))).toMatchObject([{ role: "app_user", name: view.email }, {}, {}]);
  });

  test("carries both names in its events, in a chain that verifies", async () => {
    const { token, view } = await issueToken(delegatedAdmin, {
      name: "t",
      scopes: ["all"],
      owner: asUser(own.admin.id),
    });
    await confirmSetUp(own.admin, { kind: "token", id: view.id });
    const made = await createServiceAccount(await authenticateToken(token, "r", "a"), {
      name: `by token ${randomUUID()}`,
    });
    const named = async (targetId: string) =>
      (await listAuditEvents(own.admin, { targetId })).events.map(({ actorName }) => actorName);
    expect(await named(view.id)).toEqual([own.admin.name, `${operator.name} (platform) for ${own.admin.name}`]);
    expect(await named(made.id)).toEqual([`${own.admin.name}, set up by ${operator.name} (platform)`]);
    expect(await verifyChains(own.orgId)).toMatchObject([{ problem: null }]);
  });
});

describe("a new organisation", () => {
  const founded = async () => {
    const { id } = await createOrganization(operator, { name: `New ${randomUUID()}` });
    return { orgId: id, acting: await assumeOrganization(operator, id) };
  };

  test("is handed over to its first administrator by a link", async () => {
    const { orgId, acting } = await founded();
    const { secret, view } = await invitePerson(acting, { email: email(), role: "org_admin" });
    await acceptLink(secret, PASSWORD, from);
    expect(await signedIn({ email: view.email, password: PASSWORD }, orgId)).toMatchObject({ role: "org_admin" });
  });

  test("is handed over by a password once the administrator has chosen another", async () => {
    const { orgId, acting } = await founded();
    const made = await createUser(acting, { email: email(), role: "org_admin", password: PASSWORD });
    const before = await signedIn({ email: made.email, password: PASSWORD }, orgId);
    expect(before.role).toBe("unconfirmed");
    await changePassword(before, PASSWORD, `${PASSWORD} of my own`);
    const after = await signedIn({ email: made.email, password: `${PASSWORD} of my own` }, orgId);
    expect(after.role).toBe("org_admin");
  });

  test("has nothing left in it that works for who was there before the hand-over", async () => {
    const { orgId, acting } = await founded();
    const { secret, view } = await invitePerson(acting, { email: email(), role: "org_admin" });
    await acceptLink(secret, PASSWORD, from);
    const posing = await signedIn({ email: view.email, password: PASSWORD }, orgId);
    const account = await createServiceAccount(posing, { name: "left behind" });
    const left = await issueToken(posing, { name: "t", scopes: ["all"], owner: asProgram(account.id) });
    const friend = await invitePerson(posing, { email: email(), role: "app_user" });
    await acceptLink((await offerReset(acting, view.id)).secret, `${PASSWORD} of my own`, from);
    const admin = await signedIn({ email: view.email, password: `${PASSWORD} of my own` }, orgId);
    const { id } = await createCredential(admin, { provider: "sftp", type: "user_password", data: sftpValues() });
    await expect(fetchSecret(await authenticateToken(left.token, "r", "a"), id)).rejects.toMatchObject(forbidden);
    await expect(acceptLink(friend.secret, PASSWORD, from)).rejects.toMatchObject({ code: "not_found" });
    const still = { kind: "token" as const, id: left.view.id };
    expect(await listUnconfirmed(admin)).toContainEqual(expect.objectContaining(still));
  });

  test("is new no longer once it has kept a credential: a password set from outside waits for ever", async () => {
    const { orgId, acting } = await founded();
    const { secret, view } = await invitePerson(acting, { email: email(), role: "org_admin" });
    await acceptLink(secret, PASSWORD, from);
    const admin = await signedIn({ email: view.email, password: PASSWORD }, orgId);
    await createCredential(admin, { provider: "sftp", type: "user_password", data: sftpValues() });
    await updatePerson(acting, view.id, { password: `${PASSWORD} anew` });
    const taken = await signedIn({ email: view.email, password: `${PASSWORD} anew` }, orgId);
    await changePassword(taken, `${PASSWORD} anew`, `${PASSWORD} again`);
    const again = await signedIn({ email: view.email, password: `${PASSWORD} again` }, orgId);
    expect(again.role).toBe("unconfirmed");
  });
});
