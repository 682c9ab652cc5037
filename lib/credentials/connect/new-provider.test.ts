import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { listAuditEvents } from "@/lib/platform/audit/history";
import { findMethod } from "@/lib/providers/index";
import { walkThrough } from "@/test/oauth/browser";
import { type AuthorizationServer, startAuthorizationServer } from "@/test/servers/authorization-server";
import { type Tenant, tenant } from "@/test/tenant";
import {
  deleteCredential,
  fetchSecret,
  finishAuthorization,
  getCredential,
  missingSettings,
  startAuthorization,
  updateCredential,
} from "../index";
import { settleRevocations } from "./revoke";

/** A provider of sign-ins that no code has heard of: one file, as somebody would write it. */
vi.mock("@/lib/generated/catalog/kinds.json", async (original) => {
  const [{ parseKind }, { readFileSync }] = await Promise.all([
    import("@/lib/providers/catalog/parse"),
    import("node:fs"),
  ]);
  const parsed = parseKind(readFileSync("test/oauth/acmeDrive.yaml", "utf8"));
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return { default: [...(await original<{ default: object[] }>()).default, parsed.value] };
});

const redirectUri = "http://localhost:3000/api/integrations/acmeDrive/callback";
const subject = { provider: "acmeDrive", type: "oauth2" } as const;
let server: AuthorizationServer;
let mine: Tenant;
beforeAll(async () => {
  server = await startAuthorizationServer({ scopes: ["email", "files.read", "files.write"] });
  server.open([redirectUri]);
  process.env.OUTBOUND_ALLOW = "127.0.0.0/8:1-65535";
  mine = await tenant();
});
afterAll(() => server.stop());

async function connected(): Promise<string> {
  const started = await startAuthorization(mine.user, { for: subject, redirectUri });
  const asked = new URL(started.url).searchParams;
  expect([asked.get("scope"), asked.get("acme_hint")]).toEqual(["openid email files.read", "business"]);
  const query = await walkThrough(new URL(started.url), redirectUri);
  const ended = await finishAuthorization({
    query,
    redirectUri,
    browserKey: started.browserKey,
    requestId: "test-request",
    address: "192.0.2.9",
  });
  if (ended.ending !== "connected") throw new Error(ended.ending);
  return ended.credential.id;
}

test("a provider of sign-ins is added by a file alone: signing in, renewing, refusals and ending work", async () => {
  const authorization = findMethod("acmeDrive", "oauth2")?.authorization;
  if (!authorization) throw new Error("no sign-in");
  expect(missingSettings(authorization)).toEqual(["ACME_CLIENT_ID", "ACME_CLIENT_SECRET"]);
  await expect(startAuthorization(mine.user, { for: subject, redirectUri })).rejects.toThrow(/Acme.*ACME_CLIENT_ID/);
  Object.assign(process.env, {
    ACME_CLIENT_ID: server.clientId,
    ACME_CLIENT_SECRET: server.clientSecret,
    ACME_ISSUER: server.issuer,
  });

  server.accessTokenSeconds = 1;
  const id = await connected();
  expect(await getCredential(mine.admin, id)).toMatchObject({
    accountEmail: server.next.account,
    summary: `Acme account ${server.next.account}`,
    config: { email: server.next.account, requested_scope: "openid email files.read" },
  });
  await updateCredential(mine.admin, id, { data: { mode: "merge", values: { folder: "reports" } } });

  // Access that ends at once is renewed by the fetch, and what else the credential holds stays.
  const { data } = await fetchSecret(mine.program, id);
  expect(server.grants("refresh_token")).toBeGreaterThan(0);
  expect(data).toMatchObject({ folder: "reports", email: server.next.account });
  expect(await server.known(String(data.access_token))).toMatchObject({ account: server.next.account });

  await deleteCredential(mine.admin, id);
  await settleRevocations();
  await expect
    .poll(async () => (await listAuditEvents(mine.admin, { action: "credential.revoked_at_provider" })).events)
    .toHaveLength(1);
  expect(server.revoked()).toBeGreaterThan(0);
});

test("a word of that provider's own means what its file says", async () => {
  server.accessTokenSeconds = 1;
  const id = await connected();
  server.alter = () => ({ status: 400, body: { error: "acme_locked" } });
  await expect(fetchSecret(mine.program, id)).rejects.toThrow();
  server.alter = undefined;
  expect(await getCredential(mine.admin, id)).toMatchObject({ status: "needs_reauth" });
});
