import { randomBytes, randomUUID } from "node:crypto";
import pg from "pg";
import { beforeAll, describe, expect, test, vi } from "vitest";
import {
  authenticateToken,
  createServiceAccount,
  endOverlap,
  issueToken,
  listTokens,
  pageOfTokens,
  readToken,
  replaceToken,
  revokeToken,
  revokeTokens,
  rotateToken,
  serviceAccountsByIds,
  takeToken,
  updateToken,
} from "@/lib/identity/tokens";
import { listAuditEvents } from "@/lib/platform/audit/history";
import { inSight, wholeOf } from "@/lib/platform/db";
import { type Tenant, tenant } from "@/test/tenant";
import { atLater, refusal } from "@/test/time-travel";

let own: Tenant;
let stranger: Tenant;
beforeAll(async () => {
  [own, stranger] = [await tenant(), await tenant()];
});

const owner = () => ({ kind: "user", id: own.user.id }) as const;
const issued = async (more = {}) => issueToken(own.admin, { name: "robot", scopes: ["all"], owner: owner(), ...more });
const chosen = () => randomBytes(32).toString("base64url");
const signsIn = (token: string) =>
  authenticateToken(token, "test-request", "192.0.2.1").then(
    () => true,
    () => false,
  );

describe("a rotated token", () => {
  test("keeps id, owner and scopes, and answers the new secret once", async () => {
    const { token, view } = await issued({ scopes: ["read"] });
    const next = await rotateToken(own.admin, view.id, { overlapSeconds: 0 });
    expect(next.token).not.toBe(token);
    expect(next.view).toMatchObject({ id: view.id, userId: own.user.id, scopes: ["read"], superseded: [] });
    expect([await signsIn(token), await signsIn(next.token)]).toEqual([false, true]);
    expect(JSON.stringify(await readToken(own.admin, view.id))).not.toContain(next.token);
  });

  test("lets the old secret work until the overlap is over, and shows whether it is still used", async () => {
    const { token, view } = await issued();
    const next = await rotateToken(own.admin, view.id, { overlapSeconds: 3_600 });
    expect([await signsIn(token), await signsIn(next.token)]).toEqual([true, true]);
    const shown = async () => (await readToken(own.admin, view.id)).superseded;
    await expect.poll(shown).toEqual([
      {
        prefix: token.slice(0, 8),
        lastFour: token.slice(-4),
        until: expect.any(String),
        lastUsedAt: expect.any(String),
      },
    ]);
    await atLater(3_601_000, async () => {
      expect([await signsIn(token), await signsIn(next.token)]).toEqual([false, true]);
      expect(await shown()).toEqual([]);
    });
  });

  test("tells a use of the old secret after the rotation from those before it, however close they are", async () => {
    const { token, view } = await issued();
    const read = () => readToken(own.admin, view.id);
    expect(await signsIn(token)).toBe(true);
    await expect.poll(async () => (await read()).lastUsedAt).not.toBeNull();
    await rotateToken(own.admin, view.id, { overlapSeconds: 3_600 });
    expect((await read()).superseded).toMatchObject([{ lastUsedAt: null }]);
    expect(await signsIn(token)).toBe(true);
    await expect.poll(async () => (await read()).superseded[0]?.lastUsedAt).toEqual(expect.any(String));
  });

  test("stops the old secret at once when the overlap is ended", async () => {
    const { token, view } = await issued();
    const next = await rotateToken(own.admin, view.id, { overlapSeconds: 3_600 });
    await endOverlap(own.admin, view.id);
    expect([await signsIn(token), await signsIn(next.token)]).toEqual([false, true]);
  });

  test("keeps a bounded number of old secrets", async () => {
    const { view } = await issued();
    for (let at = 0; at < 5; at++) await rotateToken(own.admin, view.id, { overlapSeconds: 60 });
    await expect(rotateToken(own.admin, view.id, { overlapSeconds: 60 })).rejects.toMatchObject(refusal("conflict"));
    await expect(rotateToken(own.admin, view.id, { overlapSeconds: 0 })).resolves.toBeDefined();
  });

  test("asks for a password check of the last five minutes, and for the right to manage tokens", async () => {
    const { view } = await issued();
    const stale = { ...own.admin, passwordCheckedAt: new Date(Date.now() - 301_000) };
    const rotation = { overlapSeconds: 0 };
    await expect(rotateToken(stale, view.id, rotation)).rejects.toMatchObject({ details: { step_up: true } });
    await expect(rotateToken(own.auditor, view.id, rotation)).rejects.toMatchObject(refusal("forbidden"));
    await expect(rotateToken(stranger.admin, view.id, rotation)).rejects.toMatchObject(refusal("not_found"));
  });
});

describe("a token that its caller chose", () => {
  test("signs in, and none of it but its ends is shown again", async () => {
    const token = chosen();
    const { view } = await takeToken(own.admin, { name: "brought", scopes: ["all"], owner: owner() }, token);
    expect(view).toMatchObject({ weak: false, prefix: token.slice(0, 4), lastFour: token.slice(-4) });
    expect(await signsIn(token)).toBe(true);
  });

  test.each([
    "default",
    "foobar",
    "litegraphadmin",
    "a".repeat(64),
    "abcdefghijklmnopqrstuvwxyz012345",
    "0123456789abcdef0123456789abcdef",
    "00000000-0000-0000-0000-000000000000",
    "password-password-password-password",
    "abababababababababababababababab",
  ])("and that is as easy to guess as %s is kept, shown without any of it, and does not sign in", async (word) => {
    // Short words are weak with a tail as well, and a token is one of the whole platform.
    const token = word.length < 20 ? `${word}${randomUUID().slice(0, 6)}` : word;
    const { view: fresh } = await takeToken(own.admin, { name: "weak", scopes: ["all"], owner: owner() }, token);
    expect(fresh).toMatchObject({ weak: true, prefix: "", lastFour: "", mask: "********" });
    await expect(authenticateToken(token, "test-request", "192.0.2.1")).rejects.toMatchObject({
      code: "unauthenticated",
      message: expect.stringContaining("too easy to guess"),
    });
  });

  test.each([["with spaces in it, however long it is"], [`lk_${"x".repeat(50)}`], ["x".repeat(513)], ["tökens"]])(
    "and that can be no bearer token (%s) is refused by field",
    async (token) => {
      const refused = takeToken(own.admin, { name: "bad", scopes: ["all"], owner: owner() }, token);
      await expect(refused).rejects.toMatchObject({ ...refusal("invalid"), fields: [{ path: ["token"] }] });
    },
  );

  test("belongs to one token of the platform, however many ask for it at once", async () => {
    const token = chosen();
    const ask = (of: Tenant) =>
      takeToken(of.admin, { name: "same", scopes: ["all"], owner: { kind: "user", id: of.user.id } }, token);
    const answers = await Promise.allSettled(Array.from({ length: 12 }, (_, at) => ask(at % 2 ? own : stranger)));
    const refused = answers.flatMap((answer) => (answer.status === "rejected" ? [answer.reason] : []));
    expect(refused).toHaveLength(11);
    expect(new Set(refused.map(({ code, message }) => `${code} ${message}`)).size).toBe(1);
    expect(refused[0]).toMatchObject(refusal("conflict"));
  });

  test("is free again once its token is revoked", async () => {
    const token = chosen();
    const first = await takeToken(own.admin, { name: "first", scopes: ["all"], owner: owner() }, token);
    await revokeToken(own.admin, first.view.id);
    await expect(
      takeToken(own.admin, { name: "second", scopes: ["all"], owner: owner() }, token),
    ).resolves.toBeDefined();
  });
});

describe("a token sent back whole", () => {
  test("keeps its secret by mask, by value and by silence; takes another; refuses a foreign mask", async () => {
    const first = chosen();
    const { view } = await takeToken(own.admin, { name: "whole", scopes: ["all"], owner: owner() }, first);
    const { id, mask } = view;
    for (const token of [mask, first, undefined, ""]) {
      expect((await replaceToken(own.admin, id, { token })).token).toBeNull();
    }
    expect(await signsIn(first)).toBe(true);
    await expect(replaceToken(own.admin, id, { token: "abcd********wxyz" })).rejects.toMatchObject(refusal("invalid"));
    const second = chosen();
    expect((await replaceToken(own.admin, id, { token: second })).token).toBe(second);
    expect([await signsIn(first), await signsIn(second)]).toEqual([false, true]);
  });

  test("is refused when it was changed since it was read", async () => {
    const { view } = await issued();
    const changed = await updateToken(own.admin, view.id, { name: "changed" });
    const stale = { expectedUpdatedAt: new Date(view.updatedAt) };
    for (const read of [stale, { expectedVersion: view.version }]) {
      await expect(updateToken(own.admin, view.id, { name: "late", ...read })).rejects.toMatchObject(
        refusal("version_mismatch"),
      );
    }
    const fresh = { expectedUpdatedAt: new Date(changed.updatedAt), expectedVersion: changed.version };
    await expect(updateToken(own.admin, view.id, { name: "in time", ...fresh })).resolves.toBeDefined();
    const madeUp = { expectedUpdatedAt: new Date("2024-01-01") };
    await expect(updateToken(own.admin, view.id, { name: "sample", ...madeUp })).resolves.toBeDefined();
  });
});

test("a token that acts as a platform administrator is made, rotated and changed by one alone", async () => {
  const operator = await own.person("backoffice");
  const theirs = { kind: "user", id: operator.id } as const;
  const { view } = await issueToken(operator, { name: "operator", scopes: ["all"], owner: theirs });
  const forbidden = refusal("forbidden");
  await expect(issueToken(own.admin, { name: "x", scopes: ["all"], owner: theirs })).rejects.toMatchObject(forbidden);
  await expect(takeToken(own.admin, { name: "x", scopes: ["all"], owner: theirs }, chosen())).rejects.toMatchObject(
    forbidden,
  );
  await expect(rotateToken(own.admin, view.id, { overlapSeconds: 0 })).rejects.toMatchObject(forbidden);
  await expect(replaceToken(own.admin, view.id, { token: chosen() })).rejects.toMatchObject(forbidden);
  await expect(updateToken(own.admin, view.id, { scopes: [] })).rejects.toMatchObject(forbidden);
  await expect(revokeToken(own.admin, view.id)).resolves.toBeUndefined();
});

test("ending all tokens spares the one that asks, tells each in the log, and touches no other organisation", async () => {
  const fresh = await tenant();
  const mine = await fresh.token(fresh.admin);
  const others = [await fresh.token(fresh.user), await fresh.token(fresh.program)];
  const foreign = await stranger.token(stranger.user);
  const actor = await authenticateToken(mine, "test-request", "192.0.2.1");
  expect(await revokeTokens(actor)).toBe(2);
  for (const token of others) expect(await signsIn(token)).toBe(false);
  expect([await signsIn(mine), await signsIn(foreign)]).toEqual([true, true]);
  const { events } = await listAuditEvents(fresh.admin, { action: "token.revoked" });
  expect(events).toHaveLength(2);
});

test("pages of tokens go through all of them once, in any order, with equal names and times", async () => {
  const fresh = await tenant();
  const made = [];
  for (let at = 0; at < 7; at++) {
    made.push(
      (await issueToken(fresh.admin, { name: "same", scopes: ["all"], owner: { kind: "user", id: fresh.user.id } }))
        .view.id,
    );
  }
  for (const order of ["created_desc", "created_asc", "name_asc", "name_desc", "id_asc", "id_desc"] as const) {
    const seen: string[] = [];
    let remaining = 1;
    while (remaining > 0) {
      const page = await pageOfTokens(fresh.admin, { order, after: seen.at(-1), limit: 3 });
      expect(page.total).toBe(7);
      seen.push(...page.items.map(({ id }) => id));
      remaining = page.remaining;
      expect(remaining).toBe(7 - seen.length);
    }
    expect([...seen].sort()).toEqual([...made].sort());
  }
  expect(await listTokens(fresh.admin, { limit: 2, offset: 5 })).toHaveLength(2);
  await expect(pageOfTokens(fresh.admin, { after: randomUUID(), limit: 3 })).rejects.toMatchObject(
    refusal("not_found"),
  );
});

test("a page of everybody else's tokens leaves out one person's, and no program's", async () => {
  const fresh = await tenant();
  const account = await createServiceAccount(fresh.admin, { name: "Engine" });
  const owners = [fresh.admin, fresh.user].map(({ id }) => ({ kind: "user", id }) as const);
  for (const one of [...owners, { kind: "service_account", id: account.id } as const]) {
    await issueToken(fresh.admin, { name: one.id, scopes: ["all"], owner: one });
  }
  const { items, total } = await pageOfTokens(fresh.admin, { exceptUser: fresh.admin.id, limit: 10 });
  expect(items.map(({ name }) => name).sort()).toEqual([fresh.user.id, account.id].sort());
  expect(total).toBe(2);
});

test("what another instance took away counts once the shared half second is over", async () => {
  const { token, view } = await issued();
  expect(await signsIn(token)).toBe(true);
  // As the other instance stores it; this one is told nothing.
  await inSight(wholeOf(own.orgId), (tx) =>
    tx.apiToken.updateMany({ where: { orgId: own.orgId, id: view.id }, data: { revokedAt: new Date() } }),
  );
  const now = performance.now.bind(performance);
  const later = vi.spyOn(performance, "now").mockImplementation(() => now() + 500);
  expect(await signsIn(token)).toBe(false);
  later.mockRestore();
});

test("service accounts are found by their ids, in one's own organisation alone", async () => {
  const mine = await createServiceAccount(own.admin, { name: `Mine ${randomUUID()}` });
  const theirs = await createServiceAccount(stranger.admin, { name: "Theirs" });
  const found = await serviceAccountsByIds(own.admin, [theirs.id, mine.id, mine.id, randomUUID()]);
  expect(found.map(({ id }) => id)).toEqual([mine.id]);
});

test("an id that a token had is never given again", async () => {
  const id = randomUUID();
  const order = { id, name: "once", scopes: ["all" as const], owner: owner() };
  await issueToken(own.admin, order);
  await expect(issueToken(own.admin, order)).rejects.toMatchObject(refusal("conflict"));
  await revokeToken(own.admin, id);
  await expect(issueToken(own.admin, order)).rejects.toMatchObject(refusal("conflict"));
});

test("who sends a token is found by one index, whatever the number of tokens", async () => {
  const database = new pg.Client({ connectionString: process.env.TEST_OWNER_DATABASE_URL });
  await database.connect();
  await database.query("SET enable_seqscan = off");
  const { rows } = await database.query(
    "EXPLAIN SELECT * FROM token_secret k JOIN api_token t ON t.org_id = k.org_id AND t.id = k.token_id WHERE k.digest = '\\x00'",
  );
  await database.end();
  const plan = rows.map((row) => row["QUERY PLAN"]).join("\n");
  expect(plan).toContain("token_secret_digest_key");
  expect(plan).not.toContain("Seq Scan");
});
