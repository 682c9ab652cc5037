import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { grantAccess } from "@/lib/access";
import type { Actor } from "@/lib/authorization/actor";
import { writeWithEvent } from "@/lib/platform/audit";
import { listAuditEvents } from "@/lib/platform/audit/history";
import { inSight, wholeOf } from "@/lib/platform/db";
import { walkThrough } from "@/test/oauth/browser";
import { type AuthorizationServer, startAuthorizationServer } from "@/test/servers/authorization-server";
import { type Tenant, tenant } from "@/test/tenant";
import {
  type AuthorizationRequest,
  deleteCredential,
  fetchSecret,
  finishAuthorization,
  getCredential,
  listCredentials,
  startAuthorization,
} from "../index";
import { credentialsOf } from "../repository";
import { deleteWrite } from "../writes";
import { leavesToken, settleRevocations } from "./revoke";

const redirectUri = "http://localhost:3000/api/integrations/google/callback";
const google = { provider: "google", type: "google_oauth" } as const;
let server: AuthorizationServer;
let mine: Tenant;

beforeAll(async () => {
  server = await startAuthorizationServer({
    scopes: ["email", "https://www.googleapis.com/auth/drive.file", "https://www.googleapis.com/auth/drive.readonly"],
  });
  server.open([redirectUri]);
  Object.assign(process.env, {
    OUTBOUND_ALLOW: "127.0.0.0/8:1-65535",
    GOOGLE_CLIENT_ID: server.clientId,
    GOOGLE_CLIENT_SECRET: server.clientSecret,
    GOOGLE_ISSUER: server.issuer,
  });
  mine = await tenant();
});
afterAll(() => server.stop());
beforeEach(() => {
  server.next = { answer: "agree", account: "ana@example.com", without: [] };
  server.tokenEndpoint = "sound";
});

interface Visit {
  request?: Partial<AuthorizationRequest>;
  actor?: Actor;
  /** What the browser that comes back brings along instead of its own. */
  browserKey?: string | undefined;
  person?: { orgId: string; id: string };
  /** Where it comes back to. */
  redirectUri?: string;
  query?: (query: URLSearchParams) => URLSearchParams;
}

async function visit({ request = {}, actor = mine.user, query = (same) => same, ...other }: Visit = {}) {
  const started = await startAuthorization(actor, { for: google, redirectUri, ...request });
  const answer = query(await walkThrough(new URL(started.url), redirectUri));
  const browser = { browserKey: started.browserKey, ...other };
  const finish = () =>
    finishAuthorization({ query: answer, redirectUri, ...browser, requestId: "test-request", address: "192.0.2.9" });
  return { started, answer, finish, ended: await finish() };
}

async function connected(): Promise<string> {
  const { ended } = await visit({ request: { for: { ...google, name: `Drive ${randomUUID()}` } } });
  if (ended.ending !== "connected") throw new Error(ended.ending);
  return ended.credential.id;
}

const count = async () => (await listCredentials(mine.admin, { limit: 1000 })).items.length;

describe("connecting", () => {
  test("makes a credential of whoever signed in, with what was granted, and without a secret in its view", async () => {
    const { ended } = await visit({ request: { for: { ...google, name: "Ana's Drive", tags: ["drive"] } } });
    expect(ended).toMatchObject({ ending: "connected", isNew: true, missing: [] });
    const view = ended.ending === "connected" ? ended.credential : undefined;
    expect(view).toMatchObject({
      name: "Ana's Drive",
      tags: ["drive"],
      accountEmail: "ana@example.com",
      status: "active",
      config: { email: "ana@example.com", requested_scope: "openid email https://www.googleapis.com/auth/drive.file" },
    });
    expect(Object.keys(view?.secrets ?? {}).sort()).toEqual(["access_token", "refresh_token"]);
    const { data } = await fetchSecret(mine.program, view?.id ?? "");
    expect(JSON.stringify(view)).not.toContain(data.access_token);
    expect(JSON.stringify(view)).not.toContain(data.refresh_token);
  });

  test("asks for the chosen permissions only, and ignores ones that are not offered", async () => {
    const chosen = ["https://www.googleapis.com/auth/drive.readonly", "https://www.googleapis.com/auth/admin"];
    const { started } = await visit({ request: { scopes: chosen } });
    expect(new URL(started.url).searchParams.get("scope")).toBe(`openid email ${chosen[0]}`);
  });

  test("says what was asked for and not granted", async () => {
    server.next.without = ["https://www.googleapis.com/auth/drive.file"];
    const { ended } = await visit();
    expect(ended).toMatchObject({ ending: "connected", missing: ["https://www.googleapis.com/auth/drive.file"] });
  });

  test("stores nothing when the person says no", async () => {
    const before = await count();
    server.next.answer = "refuse";
    expect((await visit()).ended).toMatchObject({ ending: "denied", flow: { provider: "google" } });
    expect(await count()).toBe(before);
  });

  test("is for the browser it began in, or the same person; for nobody else, and then never again", async () => {
    const before = await count();
    for (const stranger of [
      { browserKey: undefined },
      { browserKey: "x".repeat(43) },
      { browserKey: undefined, person: { orgId: mine.orgId, id: mine.other.id } },
      { browserKey: undefined, person: { orgId: randomUUID(), id: mine.user.id } },
    ]) {
      const { ended, finish } = await visit(stranger);
      expect(ended.ending).toBe("wrong_browser");
      expect((await finish()).ending).toBe("expired");
    }
    expect(await count()).toBe(before);
    const samePerson = await visit({ browserKey: undefined, person: { orgId: mine.orgId, id: mine.user.id } });
    expect(samePerson.ended.ending).toBe("connected");
  });

  test("takes a state once, however many come at the same time", async () => {
    const started = await startAuthorization(mine.user, { for: google, redirectUri });
    const query = await walkThrough(new URL(started.url), redirectUri);
    const answer = {
      query,
      redirectUri,
      browserKey: started.browserKey,
      requestId: "test-request",
      address: "192.0.2.9",
    };
    const endings = await Promise.all([1, 2, 3, 4, 5].map(() => finishAuthorization(answer)));
    expect(endings.map(({ ending }) => ending).sort()).toEqual([
      "connected",
      "expired",
      "expired",
      "expired",
      "expired",
    ]);
  });

  test.each([
    ["no state", (query: URLSearchParams) => new URLSearchParams({ code: query.get("code") ?? "" })],
    [
      "a made-up state",
      (query: URLSearchParams) => new URLSearchParams({ ...Object.fromEntries(query), state: "y".repeat(43) }),
    ],
  ])("is over for %s", async (_name, query) => {
    expect((await visit({ query })).ended.ending).toBe("expired");
  });

  test("comes back to the address that it was sent to, and to no other", async () => {
    const elsewhere = { redirectUri: "http://localhost:3000/api/integrations/sharepoint/callback" };
    expect((await visit(elsewhere)).ended.ending).toBe("unusable");
  });

  test("judges who the answer is from", async () => {
    const query = (sent: URLSearchParams) =>
      new URLSearchParams({ ...Object.fromEntries(sent), iss: "https://evil.example.com" });
    expect((await visit({ query })).ended.ending).toBe("unusable");
  });

  test("is over when the organisation has been switched off since, and asks the provider nothing", async () => {
    const other = await tenant();
    const started = await startAuthorization(other.user, { for: google, redirectUri });
    const query = await walkThrough(new URL(started.url), redirectUri);
    await inSight(wholeOf(other.orgId), (tx) =>
      tx.organization.update({ where: { id: other.orgId }, data: { active: false } }),
    );
    const asked = server.tokenRequests();
    const { browserKey } = started;
    const ended = await finishAuthorization({ query, redirectUri, browserKey, requestId: "r", address: "192.0.2.9" });
    expect(ended).toMatchObject({ ending: "refused", refusal: { code: "forbidden" } });
    expect(server.tokenRequests()).toBe(asked);
  });

  test("is refused to service accounts, and counted in the limits", async () => {
    await expect(startAuthorization(mine.program, { for: google, redirectUri })).rejects.toMatchObject({
      code: "forbidden",
    });
  });
});

describe("reconnecting", () => {
  test("keeps the id and ends the old tokens' use", async () => {
    const id = await connected();
    const first = (await fetchSecret(mine.program, id)).data;
    const { ended } = await visit({ request: { for: { id } } });
    expect(ended).toMatchObject({ ending: "connected", isNew: false, credential: { id } });
    expect((await fetchSecret(mine.program, id)).data.access_token).not.toBe(first.access_token);
  });

  test("with another account changes nothing and names both", async () => {
    const id = await connected();
    const before = (await fetchSecret(mine.program, id)).data;
    server.next.account = "bob@example.com";
    expect((await visit({ request: { for: { id } } })).ended).toMatchObject({
      ending: "wrong_account",
      expected: "ana@example.com",
      signedIn: "bob@example.com",
    });
    expect((await fetchSecret(mine.program, id)).data).toEqual(before);
  });

  test("is for those who may change the credential; another organisation's does not exist", async () => {
    const id = await connected();
    const request = { for: { id }, redirectUri };
    await expect(startAuthorization(mine.other, request)).rejects.toMatchObject({ code: "not_found" });
    const subject = { kind: "user", id: mine.other.id } as const;
    await grantAccess(mine.user, { subject, reach: "credential", key: id, rights: ["see", "use"] });
    await expect(startAuthorization(mine.other, request)).rejects.toMatchObject({ code: "forbidden" });
    const stranger = await tenant();
    await expect(startAuthorization(stranger.admin, request)).rejects.toMatchObject({ code: "not_found" });
  });
});

const revocations = (id: string) => async () => {
  const { events } = await listAuditEvents(mine.admin, { action: "credential.revoked_at_provider" });
  return events.filter(({ targetId }) => targetId === id).map(({ outcome, reason }) => reason ?? outcome);
};

test("deleting revokes at the provider, and the outcome is on record", async () => {
  server.next.account = "alone@example.com";
  const id = await connected();
  await deleteCredential(mine.user, id);
  await expect.poll(revocations(id)).toEqual(["done"]);
  expect(server.revoked()).toBeGreaterThan(0);
  await expect(getCredential(mine.user, id)).rejects.toMatchObject({ code: "not_found" });
});

test("deleting leaves the grant alone while another credential of the same account lives on it", async () => {
  server.next.account = "twice@example.com";
  const [first, second] = [await connected(), await connected()];
  const before = server.revoked();
  await deleteCredential(mine.user, first);
  await expect.poll(revocations(first)).toEqual(["account_in_use"]);
  expect(server.revoked()).toBe(before);
  await deleteCredential(mine.user, second);
  await expect.poll(revocations(second)).toEqual(["done"]);
});

/** What is still to be ended, and how often that has failed. */
const pending = (credentialId: string) =>
  inSight(wholeOf(mine.orgId), (tx) =>
    tx.providerRevocation.findMany({ where: { orgId: mine.orgId, credentialId }, select: { failures: true } }),
  );

test("a deletion that is cut off before the provider was asked is gone on with, once, and then forgets the secret", async () => {
  server.next.account = "cut@example.com";
  const id = await connected();
  const row = await credentialsOf(wholeOf(mine.orgId)).find(id);
  if (!row) throw new Error("not stored");
  // All that the deletion itself does: the process is gone after it.
  const write = deleteWrite(row, {
    at: new Date(),
    by: "test",
    revocation: leavesToken(row),
    sight: wholeOf(mine.orgId),
  });
  await writeWithEvent({
    actor: mine.user,
    entry: { action: "credential.deleted", target: { type: "credential", id } },
    write,
  });
  expect(await pending(id)).toEqual([{ failures: 0 }]);
  const before = server.revoked();
  await Promise.all([settleRevocations(), settleRevocations()]);
  expect([await revocations(id)(), server.revoked() - before, await pending(id)]).toEqual([["done"], 1, []]);
});

test("a provider that does not answer is asked again later, and after a day that is on record", async () => {
  server.next.account = "away@example.com";
  const id = await connected();
  process.env.OUTBOUND_ALLOW = "127.0.0.0/8:1";
  try {
    vi.resetModules();
    await (await import("@/lib/platform/readiness")).ready();
    const anew = await import("../index");
    const again = await import("./revoke");
    await anew.deleteCredential(mine.user, id);
    await expect.poll(() => pending(id)).toEqual([{ failures: 1 }]);
    expect(await revocations(id)()).toEqual([]);
    const where = { orgId: mine.orgId, credentialId: id };
    const data = { until: new Date(Date.now() - 1_000), retryAt: new Date(Date.now() - 1_000) };
    await inSight(wholeOf(mine.orgId), (tx) => tx.providerRevocation.updateMany({ where, data }));
    await again.settleRevocations();
    expect([await revocations(id)(), await pending(id)]).toEqual([["not_revoked"], []]);
    await (await import("@/lib/platform/db")).disconnect();
  } finally {
    process.env.OUTBOUND_ALLOW = "127.0.0.0/8:1-65535";
  }
});
