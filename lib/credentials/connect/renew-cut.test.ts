import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { type DatabaseAway, databaseAway } from "@/test/database-away";
import { json, startTokenEndpoint, type TokenEndpoint } from "@/test/oauth/token-endpoint";
import type { Tenant } from "@/test/tenant";

let server: TokenEndpoint;
let database: DatabaseAway;
let mine: Tenant;
let core: typeof import("../index");
beforeAll(async () => {
  database = await databaseAway();
  process.env.OUTBOUND_ALLOW = "127.0.0.0/8:1-65535";
  server = await startTokenEndpoint();
  const { tenant } = await import("@/test/tenant");
  [core, mine] = [await import("../index"), await tenant()];
});
afterAll(async () => {
  await server.stop();
  database.close();
});
beforeEach(async () => {
  await database.back();
  server.asked = [];
});

async function ended(): Promise<string> {
  const data = {
    ...{ accessTokenUrl: server.url, authorizationUrl: server.url, clientId: "client", clientSecret: "s3cret" },
    scope: "mail.read",
    access_token: "old-access",
    refresh_token: `old-refresh-${randomUUID()}`,
    expires_at: new Date(Date.now() - 1_000).toISOString(),
  };
  return (await core.createCredential(mine.user, { provider: "gmailOAuth2", type: "oauth2", data })).id;
}
const fetched = (id: string, by = core) => by.fetchSecret(mine.program, id);
const code = (work: Promise<unknown>) =>
  work.then(
    () => "went through",
    (error) => error.code,
  );

/** The database goes away once the provider has answered, before anything of that could be stored. */
const awayWhenAnswered = () => {
  server.answer = (fresh, response) => {
    database.cut();
    return json(response, { ...fresh, expires_in: 3_600 });
  };
};

test("new tokens that come while the database is away are stored when it is back, and the provider is asked once", async () => {
  const id = await ended();
  awayWhenAnswered();
  expect(await code(fetched(id))).toBe("unavailable");
  // Whoever asks meanwhile is not told of an ended connection, and spends no refresh token again.
  expect(await code(fetched(id))).toBe("unavailable");
  await database.back();
  await expect.poll(() => code(fetched(id)), { timeout: 15_000 }).toBe("went through");
  expect((await fetched(id)).data.access_token).toBe("access-1");
  expect(server.asked).toHaveLength(1);
  expect((await core.getCredential(mine.admin, id)).status).toBe("active");
});

test("another instance does not use the spent refresh token meanwhile, and gets the new access as well", async () => {
  const id = await ended();
  awayWhenAnswered();
  expect(await code(fetched(id))).toBe("unavailable");
  await database.back();
  vi.resetModules();
  const [other, { ready }] = [await import("../index"), await import("@/lib/platform/readiness")];
  await ready();
  const { data } = await fetched(id, other);
  expect(data.access_token).toBe("access-1");
  expect(server.asked).toHaveLength(1);
});

test("what is kept is sealed, and its warning holds no value", async () => {
  const written: string[] = [];
  const { log } = await import("@/lib/platform/log");
  vi.spyOn(log, "warn").mockImplementation((...told) => written.push(JSON.stringify(told)));
  const { storeOrKeep, settledRenewal } = await import("./kept-renewals");
  const { credentialsOf } = await import("../repository");
  const { wholeOf } = await import("@/lib/platform/db");
  const { openData } = await import("../sealed-data");
  const id = await ended();
  const row = await credentialsOf(wholeOf(mine.orgId)).find(id);
  if (!row) throw new Error("not there");
  database.cut();
  const tokens = { accessToken: "MARKER-access", refreshToken: "MARKER-refresh", tokenType: "Bearer" };
  expect(await code(storeOrKeep(row, openData(row, row.sealed), tokens))).toBe("unavailable");
  expect(written.join()).toContain("could not be stored yet");
  expect(written.join()).not.toContain("MARKER");
  await database.back();
  await expect.poll(() => code(settledRenewal(mine.orgId, id)), { timeout: 15_000 }).toBe("went through");
  vi.restoreAllMocks();
  expect((await (await import("../index")).fetchSecret(mine.program, id)).data.refresh_token).toBe("MARKER-refresh");
});
