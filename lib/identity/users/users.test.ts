import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import { changePassword, createUser, endSession, liveSession, signIn, signOutEverywhere } from "@/lib/identity";
import { issueToken } from "@/lib/identity/tokens";
import { platformActor } from "@/lib/organizations";
import { listAuditEvents } from "@/lib/platform/audit/history";
import { inSight, wholeOf } from "@/lib/platform/db";
import { PASSWORD, type Tenant, tenant } from "@/test/tenant";
import { atLater } from "@/test/time-travel";
import { isPasswordOf } from "../sign-in/hashing";
import { hashPassword } from "../sign-in/password";

const SHARE = ["known", "test"];

const someone = async (own: Tenant, role: "app_user" | "org_admin" = "app_user") =>
  createUser(platformActor("test-request", own.orgId), {
    email: `p-${randomUUID()}@example.test`,
    role,
    password: PASSWORD,
  });
const attempt = (email: string, password = PASSWORD, more: object = {}) =>
  signIn({
    email,
    password,
    address: `192.0.2.${Math.ceil(Math.random() * 250)}-${randomUUID()}`,
    userAgent: "test",
    requestId: "test-request",
    ...more,
  });
const code = (value: string) => expect.objectContaining({ name: "Refusal", code: value });

describe("a password", () => {
  test("is kept as argon2id with its parameters, and differently each time", async () => {
    const [one, two] = [await hashPassword(PASSWORD, SHARE), await hashPassword(PASSWORD, SHARE)];
    expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(one).not.toBe(two);
    expect([
      await isPasswordOf(one, PASSWORD),
      await isPasswordOf(one, `${PASSWORD} `),
      await isPasswordOf(undefined, "nobody has this password"),
    ]).toEqual([true, false, false]);
  });

  test("of another Unicode form is the same password", async () => {
    const own = await tenant();
    const { email } = await createUser(platformActor("test-request", own.orgId), {
      email: `p-${randomUUID()}@example.test`,
      role: "app_user",
      password: "pässwörd-long-enough".normalize("NFD"),
    });
    await expect(attempt(email, "pässwörd-long-enough".normalize("NFC"))).resolves.toMatchObject({ email });
  });

  test("too short or too long is refused", async () => {
    for (const password of ["", "eleven char", "x".repeat(257)])
      await expect(hashPassword(password, SHARE)).rejects.toEqual(code("invalid"));
  });
});

describe("signing in", () => {
  test("begins a session that lives eight hours at most, and thirty minutes without a request", async () => {
    const own = await tenant();
    const { email, id } = await someone(own);
    const { orgId, sessionId } = await attempt(email.toUpperCase());
    expect(await liveSession(orgId, sessionId)).toMatchObject({ actor: { id, orgId: own.orgId, role: "app_user" } });
    expect(await atLater(31 * 60_000, () => liveSession(orgId, sessionId))).toBeNull();
    const minutes = 60_000;
    for (let at = 25; at <= 475; at += 25)
      expect(await atLater(at * minutes, () => liveSession(orgId, sessionId)), `${at} min`).not.toBeNull();
    expect(await atLater(481 * minutes, () => liveSession(orgId, sessionId))).toBeNull();
  });

  test("answers the same for a wrong password, an unknown address and an inactive person", async () => {
    const own = await tenant();
    const { email, id } = await someone(own);
    const inactive = await someone(own);
    await inSight(wholeOf(own.orgId), (tx) =>
      tx.user.update({ where: { orgId_id: { orgId: own.orgId, id: inactive.id } }, data: { status: "inactive" } }),
    );
    const answers = await Promise.allSettled([
      attempt(email, "wrong password!"),
      attempt(`${id}@example.test`),
      attempt(inactive.email),
    ]);
    expect(new Set(answers.map((answer) => answer.status === "rejected" && String(answer.reason))).size).toBe(1);
    await expect(attempt(email)).resolves.toMatchObject({ email });
  });

  test("is slowed down per account, and says how long to wait", async () => {
    const own = await tenant();
    const { email } = await someone(own);
    const here = { address: "192.0.2.77" };
    for (let at = 0; at < 5; at++)
      await expect(attempt(email, "wrong password!", here)).rejects.toEqual(code("unauthenticated"));
    const refusal = await attempt(email, PASSWORD, here).catch((error: unknown) => error);
    expect(refusal).toMatchObject({ code: "too_many_requests", retryAfterSeconds: expect.any(Number) });
  });

  test("counts parallel attempts too: a burst gets no more tries than a row", async () => {
    const own = await tenant();
    const { email } = await someone(own);
    const here = { address: "192.0.2.78" };
    const answers = await Promise.allSettled(Array.from({ length: 20 }, () => attempt(email, "wrong password!", here)));
    const judged = answers.filter((answer) => answer.status === "rejected" && answer.reason.code === "unauthenticated");
    expect(judged.length).toBeLessThanOrEqual(5);
  });

  test("is on record, failures too", async () => {
    const own = await tenant();
    const { email } = await someone(own);
    await attempt(email, "wrong password!").catch(() => {});
    await attempt(email);
    const recorded = async () => {
      const { events } = await listAuditEvents(own.admin, { action: "user.signed_in" });
      return events.map(({ outcome, actorName }) => `${outcome} ${actorName}`).sort();
    };
    await expect.poll(recorded).toEqual([`done ${email}`, `refused ${email}`]);
  });

  test("with an address of two organisations asks for the one", async () => {
    const [one, two] = [await tenant(), await tenant()];
    const email = `both-${randomUUID()}@example.test`;
    for (const own of [one, two])
      await createUser(platformActor("test-request", own.orgId), { email, role: "app_user", password: PASSWORD });
    await expect(attempt(email)).rejects.toEqual(code("conflict"));
    await expect(attempt(email, PASSWORD, { organization: two.name })).resolves.toMatchObject({ orgId: two.orgId });
  });
});

describe("a session ends", () => {
  const signedIn = async (own: Tenant) => {
    const user = await someone(own);
    const [here, elsewhere] = [await attempt(user.email), await attempt(user.email)];
    const live = await liveSession(here.orgId, here.sessionId);
    if (!live) throw new Error("no session");
    const alive = async () =>
      [await liveSession(here.orgId, here.sessionId), await liveSession(here.orgId, elsewhere.sessionId)].map(Boolean);
    return { user, here, actor: { ...live.actor, requestId: "test-request", address: "192.0.2.1" }, alive };
  };

  test("by signing out, for good", async () => {
    const { here, alive } = await signedIn(await tenant());
    await endSession(here.orgId, here.sessionId, "test-request", "192.0.2.1");
    expect(await alive()).toEqual([false, true]);
  });

  test("everywhere when asked", async () => {
    const { actor, alive } = await signedIn(await tenant());
    await signOutEverywhere(actor);
    expect(await alive()).toEqual([false, false]);
  });

  test("elsewhere by a changed password, which needs the present one", async () => {
    const { actor, user, alive } = await signedIn(await tenant());
    await expect(changePassword(actor, "not my password", "another good password")).rejects.toEqual(code("invalid"));
    expect(await alive()).toEqual([true, true]);
    await changePassword(actor, PASSWORD, "another good password");
    expect(await alive()).toEqual([true, false]);
    await expect(attempt(user.email, "another good password")).resolves.toBeDefined();
  });

  test.each([
    ["person becomes inactive", { status: "inactive" }],
    ["person's security stamp is raised", { securityStamp: 99 }],
  ])("at once when the %s", async (_, data) => {
    const own = await tenant();
    const { user, alive } = await signedIn(own);
    await inSight(wholeOf(own.orgId), (tx) =>
      tx.user.update({ where: { orgId_id: { orgId: own.orgId, id: user.id } }, data }),
    );
    expect(await alive()).toEqual([false, false]);
  });
});

test("minting a token needs a password check of the last five minutes", async () => {
  const own = await tenant();
  const stale = { ...own.admin, passwordCheckedAt: new Date(Date.now() - 5 * 60_000 - 1_000) };
  const token = { name: "t", scopes: ["all"], owner: { kind: "service_account", id: own.program.id } } as const;
  await expect(issueToken(stale, token)).rejects.toMatchObject({ code: "forbidden", details: { step_up: true } });
  await expect(issueToken(own.admin, token)).resolves.toBeDefined();
});

test("only the platform makes platform administrators", async () => {
  const own = await tenant();
  await expect(createUser(own.admin, { email: "x@example.test", role: "backoffice" })).rejects.toEqual(
    code("forbidden"),
  );
});
