import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import type { Actor } from "@/lib/authorization/actor";
import { authenticateByPassword, authenticateSecurityToken, issueSecurityToken, updatePerson } from "@/lib/identity";
import {
  authenticateToken,
  issueToken,
  replaceToken,
  rotateToken,
  type TokenView,
  takeToken,
  updateToken,
} from "@/lib/identity/tokens";
import { clock } from "@/lib/platform/clock";
import { type Scope, scopes, widest } from "@/lib/vocabulary/permissions";
import { PASSWORD, type Tenant, tenant } from "@/test/tenant";

/** A token never outlives or exceeds the one it was made with. */
let own: Tenant;
const HOUR = 3_600_000;
const from = { requestId: "test-request", address: "192.0.2.9" };
const inHours = (hours: number) => new Date(clock.now().getTime() + hours * HOUR);
const callerBy = (token: string): Promise<Actor> => authenticateToken(token, from.requestId, from.address);
const owner = () => ({ kind: "user" as const, id: own.admin.id });
beforeAll(async () => {
  own = await tenant();
  await updatePerson(own.admin, own.admin.id, { password: PASSWORD });
});

interface Step {
  act: "issue" | "take" | "update" | "rotate" | "replace";
  /** Which of the secrets at hand it is done with, and on which token. */
  by: number;
  on: number;
  scopes: Scope[];
  /** In hours; null: never; undefined: not said. */
  end: number | null | undefined;
}

const step: fc.Arbitrary<Step> = fc.record({
  act: fc.constantFrom("issue", "take", "update", "rotate", "replace"),
  by: fc.nat(20),
  on: fc.nat(20),
  scopes: fc.subarray([...scopes]),
  end: fc.constantFrom(null, undefined, 0.5, 1, 2, 100),
});

/** Does the step; answers the token whose secret it gave away, or that it changed. Null when it was refused. */
async function taken({ act, scopes: wished, end }: Step, actor: Actor, id: string) {
  const expiresAt = typeof end === "number" ? inHours(end) : end;
  const order = { name: "t", owner: owner(), scopes: wished, expiresAt: expiresAt ?? undefined };
  const chosen = () => `${crypto.randomUUID()}-${crypto.randomUUID()}`;
  if (act === "issue") return issueToken(actor, order);
  if (act === "update") return { token: null, view: await updateToken(actor, id, { scopes: wished, expiresAt }) };
  if (act === "rotate") return rotateToken(actor, id, { overlapSeconds: 60, expiresAt });
  const token = chosen();
  if (act === "take") return takeToken(actor, order, token);
  return replaceToken(actor, id, { token, scopes: wished, expiresAt });
}

describe("no chain of makings, changes and rotations", () => {
  test("goes further or lives longer than the token that it began with", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 8 }), async (steps) => {
        const until = inHours(1);
        const first = await issueToken(own.admin, {
          name: "first",
          owner: owner(),
          scopes: ["admin"],
          expiresAt: until,
        });
        const endless = await issueToken(own.admin, { name: "endless", owner: owner(), scopes: ["read"] });
        const at = [first.view.id, endless.view.id];
        let secrets = [{ token: first.token, view: first.view }];
        for (const one of steps) {
          const by = secrets[one.by % secrets.length]?.token ?? first.token;
          const actor = await callerBy(by).catch(() => undefined);
          const done = actor && (await taken(one, actor, at[one.on % at.length] ?? "").catch(() => undefined));
          if (!done) continue;
          within(
            done,
            until,
            secrets.some(({ view }) => view.id === done.view.id),
          );
          at.push(done.view.id);
          if (done.token)
            secrets = [...secrets.filter(({ view }) => view.id !== done.view.id), { ...done, token: done.token }];
        }
      }),
      { numRuns: 25 },
    );
  });
});

function within({ token, view }: { token: string | null; view: TokenView }, until: Date, held: boolean): void {
  if (token === null && !held) {
    // Somebody else's that was changed: not given away, and no longer-lived or wider than before unless within.
    if (view.expiresAt === null) expect(widest(view.scopes)).toBeLessThanOrEqual(widest(["read"]));
    return;
  }
  expect(view.expiresAt).not.toBeNull();
  expect(Date.parse(view.expiresAt ?? "")).toBeLessThanOrEqual(until.getTime());
  expect(widest(view.scopes)).toBeLessThanOrEqual(widest(["admin"]));
}

describe("a token that ends", () => {
  test("makes what ends with it, unless an earlier end is named; a later one is refused", async () => {
    const { token, view } = await issueToken(own.admin, {
      name: "t",
      owner: owner(),
      scopes: ["admin"],
      expiresAt: inHours(1),
    });
    const actor = await callerBy(token);
    const order = { name: "made", owner: owner(), scopes: ["read"] as const };
    expect((await issueToken(actor, order)).view.expiresAt).toBe(view.expiresAt);
    const earlier = inHours(0.5);
    expect((await issueToken(actor, { ...order, expiresAt: earlier })).view.expiresAt).toBe(earlier.toISOString());
    await expect(issueToken(actor, { ...order, expiresAt: inHours(2) })).rejects.toMatchObject({ code: "invalid" });
  });

  test("by its old secret, ends when that does", async () => {
    const { token, view } = await issueToken(own.admin, { name: "t", owner: owner(), scopes: ["admin"] });
    await rotateToken(own.admin, view.id, { overlapSeconds: 60 });
    const made = await issueToken(await callerBy(token), { name: "made", owner: owner(), scopes: ["read"] });
    expect(Date.parse(made.view.expiresAt ?? "")).toBeLessThanOrEqual(clock.now().getTime() + 60_000);
  });

  test("gets no other secret of one that it did not make and that lives longer, but may name and end it", async () => {
    const { token } = await issueToken(own.admin, {
      name: "t",
      owner: owner(),
      scopes: ["admin"],
      expiresAt: inHours(1),
    });
    const actor = await callerBy(token);
    const { view } = await issueToken(own.admin, { name: "endless", owner: owner(), scopes: ["read"] });
    await expect(rotateToken(actor, view.id, { overlapSeconds: 0 })).rejects.toMatchObject({ code: "invalid" });
    await expect(updateToken(actor, view.id, { scopes: ["admin"] })).rejects.toMatchObject({ code: "invalid" });
    await expect(updateToken(actor, view.id, { name: "renamed" })).resolves.toMatchObject({ expiresAt: null });
    await expect(updateToken(actor, view.id, { expiresAt: inHours(2) })).resolves.toBeDefined();
  });
});

describe("a security token", () => {
  const security = async () => {
    const proof = { email: own.admin.name, password: PASSWORD, organizationId: own.orgId, ...from };
    return authenticateSecurityToken((await issueSecurityToken(await authenticateByPassword(proof))).token, from);
  };

  test("makes tokens that end with it", async () => {
    const actor = await security();
    const { view } = await issueToken(actor, { name: "made", owner: owner(), scopes: ["all"] });
    expect(view.expiresAt).toBe(actor.tokenEndsAt?.toISOString());
  });

  test("is a recent password for its first five minutes alone", async () => {
    const actor = await security();
    const later = { ...actor, passwordCheckedAt: new Date(clock.now().getTime() - 5 * 60_000 - 1_000) };
    const { view } = await issueToken(actor, { name: "made", owner: owner(), scopes: ["all"] });
    for (const act of [
      () => issueToken(later, { name: "late", owner: owner(), scopes: ["read"] }),
      () => rotateToken(later, view.id, { overlapSeconds: 0 }),
      () => updateToken(later, view.id, { scopes: ["admin"] }),
      () => updatePerson(later, own.user.id, { role: "org_admin" }),
    ]) {
      await expect(act()).rejects.toMatchObject({ code: "forbidden", details: { step_up: true } });
    }
  });
});

test("only a token of the widest scope makes tokens", async () => {
  for (const held of [[], ["read"], ["write"]] as Scope[][]) {
    const { token } = await issueToken(own.admin, { name: "t", owner: owner(), scopes: held });
    const order = { name: "made", owner: owner(), scopes: ["read"] as const };
    await expect(issueToken(await callerBy(token), order)).rejects.toMatchObject({ code: "forbidden" });
  }
});
