import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { type DatabaseAway, databaseAway } from "@/test/database-away";
import { walkThrough } from "@/test/oauth/browser";
import { type AuthorizationServer, startAuthorizationServer } from "@/test/servers/authorization-server";
import type { Tenant } from "@/test/tenant";

/** What happens once the provider has given tokens, before anything of that could be stored. */
let meanwhile: () => unknown = () => undefined;
vi.mock("@/lib/platform/oauth", async (original) => {
  const real = await original<typeof import("@/lib/platform/oauth")>();
  const exchangeCode: typeof real.exchangeCode = async (...asked) => {
    const tokens = await real.exchangeCode(...asked);
    await meanwhile();
    return tokens;
  };
  return { ...real, exchangeCode };
});

const redirectUri = "http://localhost:3000/api/integrations/google/callback";
let server: AuthorizationServer;
let database: DatabaseAway;
let mine: Tenant;
let core: typeof import("../index");
beforeAll(async () => {
  database = await databaseAway();
  server = await startAuthorizationServer({ scopes: ["email", "https://www.googleapis.com/auth/drive.file"] });
  server.open([redirectUri]);
  Object.assign(process.env, {
    OUTBOUND_ALLOW: "127.0.0.0/8:1-65535",
    GOOGLE_CLIENT_ID: server.clientId,
    GOOGLE_CLIENT_SECRET: server.clientSecret,
    GOOGLE_ISSUER: server.issuer,
  });
  const { tenant } = await import("@/test/tenant");
  [core, mine] = [await import("../index"), await tenant()];
});
afterAll(async () => {
  await server.stop();
  database.close();
});
beforeEach(async () => {
  await database.back();
  server.next = { answer: "agree", account: "ana@example.com", without: [] };
});

async function signedIn(name: string) {
  const request = { for: { provider: "google", type: "google_oauth", name } as const, redirectUri };
  const { url, browserKey } = await core.startAuthorization(mine.user, request);
  const query = await walkThrough(new URL(url), redirectUri);
  const door = { requestId: "test-request", address: "192.0.2.9" };
  return core.finishAuthorization({ query, redirectUri, browserKey, ...door });
}

const named = async (name: string) =>
  (await core.listCredentials(mine.admin, { limit: 1000 })).items.filter((one) => one.name.startsWith(name));

test("tokens of a first sign-in that come while the database is away for a moment are stored, once", async () => {
  meanwhile = () => {
    database.cut();
    setTimeout(() => database.back(), 1_500);
  };
  const before = server.revoked();
  expect(await signedIn("Back soon")).toMatchObject({ ending: "connected", isNew: true });
  const [only, ...more] = await named("Back soon");
  expect(more).toEqual([]);
  expect((await core.fetchSecret(mine.program, only?.id ?? "")).data.refresh_token).toBeTruthy();
  expect(server.revoked()).toBe(before);
});

test("while it stays away the person is told that nothing is stored yet, and it is when the database is back", async () => {
  meanwhile = () => database.cut();
  expect((await signedIn("Back late")).ending).toBe("unstored");
  await database.back();
  await expect.poll(async () => (await named("Back late")).length, { timeout: 15_000 }).toBe(1);
});

test("what cannot be stored in the end is given back at the provider, unless another credential lives on the account", async () => {
  const fill = async () => {
    const data = { email: "x@example.com", access_token: "a", refresh_token: "r", scope: "email" };
    for (let at = (await named("")).length; at < 50; at++)
      await core.createCredential(mine.user, { provider: "google", type: "google_oauth", data });
  };
  meanwhile = fill;
  server.next.account = "nobody-else@example.com";
  const before = server.revoked();
  const refused = { ending: "refused", refusal: { code: "over_limit" } };
  expect(await signedIn("One too many")).toMatchObject(refused);
  await expect.poll(() => server.revoked()).toBeGreaterThan(before);
  const after = server.revoked();
  server.next.account = "ana@example.com";
  expect(await signedIn("Of the same account")).toMatchObject(refused);
  await new Promise((resolve) => setTimeout(resolve, 500));
  expect(server.revoked()).toBe(after);
});
