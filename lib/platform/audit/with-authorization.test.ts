import { randomUUID } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import * as access from "@/lib/access";
import * as streams from "@/lib/audit-streams";
import type { Actor } from "@/lib/authorization/actor";
import * as credentials from "@/lib/credentials";
import { rewrapAll } from "@/lib/credentials/rewrap";
import * as identity from "@/lib/identity";
import * as tokens from "@/lib/identity/tokens";
import * as organizations from "@/lib/organizations";
import * as kinds from "@/lib/own-kinds";
import { inSight, wholeOf } from "@/lib/platform/db";
import { isUuid } from "@/lib/platform/uuid";
import type { Role } from "@/lib/vocabulary/permissions";
import { type Tenant, tenant } from "@/test/tenant";
import * as history from "./history";

/** Every function of the core that somebody asks for something begins with a judgement, and its refusal is on record. */
const services: Record<string, unknown> = {
  ...credentials,
  ...access,
  ...kinds,
  ...identity,
  ...organizations,
  ...tokens,
  ...history,
  ...streams,
  rewrapAll,
};

/** Asked by nobody, or by somebody who proves themselves to them: they judge by that. */
const others = new Set([
  // How an actor comes to be, and the ways in.
  ...[
    "authenticateToken",
    "resolveToken",
    "authenticateByPassword",
    "authenticateSecurityToken",
    "liveSession",
    "endSession",
    "signIn",
  ],
  ...["anonKey", "authenticateAccessToken", "signInForAccessToken"],
  ...[
    "openLink",
    "acceptLink",
    "isSetupToken",
    "issueSetupToken",
    "setUp",
    "setUpUnattended",
    "organizationsOfAddress",
  ],
  // Who comes back from a provider is who began, by the state; the functions that store what was granted judge that person.
  "finishAuthorization",
  // One's own password and sessions: being signed in is all they ask.
  ...["changePassword", "confirmPassword", "signOutEverywhere"],
  // Parts of larger work, which that has judged, and plain words.
  ...[
    "endTokens",
    "issueTokens",
    "tokenHolder",
    "tokensOf",
    "forgetCallers",
    "weakToken",
    "missingSettings",
    "platformActor",
  ],
]);

const names = Object.keys(services).filter((name) => typeof services[name] === "function" && !others.has(name));

let own: Tenant;
beforeAll(async () => {
  own = await tenant();
});

const powerless = (): Actor => ({
  ...own.user,
  id: randomUUID(),
  role: "nobody" as Role,
  passwordCheckedAt: new Date(),
});

/** What the function takes beside the actor, where something else would be refused before it is judged. */
const given: Record<string, unknown[]> = {
  updateOrganization: [randomUUID(), {}],
  onboardOrganization: [{ organization: { name: "x" }, people: [], tokens: [] }],
  rotateToken: [randomUUID(), { overlapSeconds: 0 }],
  replaceToken: [randomUUID(), {}],
  takeToken: [{ owner: { kind: "user", id: randomUUID() } }, null],
  issueToken: [{ owner: { kind: "user", id: randomUUID() } }],
  testCredential: [{ id: randomUUID() }],
  accessOfSubject: [{ kind: "user", id: randomUUID() }],
  startAuthorization: [{ for: { id: randomUUID() } }],
};

/** What comes page by page begins with its first one. */
const begun = (answer: unknown): unknown =>
  typeof answer === "object" && answer !== null && Symbol.asyncIterator in answer
    ? (answer as AsyncIterable<unknown>)[Symbol.asyncIterator]().next()
    : answer;

describe("the core", () => {
  test("has the functions that this looks at", () => {
    expect(names.length).toBeGreaterThan(60);
    for (const name of others) expect(services, name).toHaveProperty(name);
  });

  test.each(names)("%s refuses who may nothing, and the refusal is on record", async (name) => {
    const actor = powerless();
    const service = services[name] as (...given: unknown[]) => unknown;
    const call = Promise.resolve().then(() => begun(service(actor, ...(given[name] ?? [randomUUID(), {}, {}]))));
    await expect(call).rejects.toMatchObject({ code: "forbidden" });
    const where = { orgId: own.orgId, actorId: actor.id, outcome: "refused", reason: "forbidden" };
    expect(await inSight(wholeOf(own.orgId), (tx) => tx.auditEvent.count({ where }))).toBe(1);
  });

  test.each(names)("%s writes nothing down that somebody typed where an id belongs", async (name) => {
    const [actor, typed] = [powerless(), `typed "${randomUUID()}`];
    const service = services[name] as (...given: unknown[]) => unknown;
    const asked = JSON.parse(JSON.stringify(given[name] ?? [typed, {}, {}]), (_, value) =>
      typeof value === "string" && isUuid(value) ? typed : value,
    );
    await expect(Promise.resolve().then(() => begun(service(actor, ...asked)))).rejects.toThrow();
    const where = { orgId: own.orgId, actorId: actor.id };
    const events = await inSight(wholeOf(own.orgId), (tx) => tx.auditEvent.findMany({ where }));
    for (const { targetId, targetName } of events) {
      expect([targetId === null || isUuid(targetId), targetName ?? ""]).toEqual([
        true,
        expect.not.stringContaining(typed),
      ]);
    }
  });
});
