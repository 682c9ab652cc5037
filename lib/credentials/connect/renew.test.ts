import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { clock } from "@/lib/platform/clock";
import { inSight, wholeOf } from "@/lib/platform/db";
import { walkThrough } from "@/test/oauth/browser";
import { type AuthorizationServer, startAuthorizationServer } from "@/test/servers/authorization-server";
import { type Tenant, tenant } from "@/test/tenant";
import { fetchSecret, finishAuthorization, getCredential, startAuthorization, updateCredential } from "../index";
import { renewDue } from "./renew-ahead";

const redirectUri = "http://localhost:3000/api/integrations/google/callback";
let server: AuthorizationServer;
let mine: Tenant;
let id: string;

beforeAll(async () => {
  server = await startAuthorizationServer({ scopes: ["email", "https://www.googleapis.com/auth/drive.file"] });
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
beforeEach(async () => {
  server.tokenEndpoint = "sound";
  id = await connected();
});
afterEach(() => {
  vi.restoreAllMocks();
});

async function connected(): Promise<string> {
  const google = { provider: "google", type: "google_oauth" } as const;
  const { url, browserKey } = await startAuthorization(mine.user, { for: google, redirectUri });
  const query = await walkThrough(new URL(url), redirectUri);
  const ended = await finishAuthorization({
    query,
    redirectUri,
    browserKey,
    requestId: "test-request",
    address: "192.0.2.9",
  });
  if (ended.ending !== "connected") throw new Error(ended.ending);
  return ended.credential.id;
}

const HOUR_MS = 3_600_000;
/** The access token has so many seconds left, or has ended so long ago. Time goes on from there. */
function secondsLeft(seconds: number): void {
  const from = performance.now();
  const start = Date.now() + HOUR_MS - seconds * 1_000;
  vi.spyOn(clock, "now").mockImplementation(() => new Date(start + performance.now() - from));
}
const fetched = async () => (await fetchSecret(mine.program, id)).data;
const refreshes = () => server.grants("refresh_token");
const failing = (work: Promise<unknown>) =>
  work.then(
    () => "went through",
    ({ code }) => code,
  );
/** What another instance of this process would be: the same code over the same database, with no memory in common. */
async function anotherInstance() {
  vi.resetModules();
  const [core, { ready }] = [await import("../index"), await import("@/lib/platform/readiness")];
  await ready();
  return core;
}

describe("a fetch of access that has ended", () => {
  test.each([-10, 30])(
    "with %i seconds left, gets a fresh token, and the rotated refresh token is stored",
    async (left) => {
      const before = await fetched();
      secondsLeft(left);
      const after = await fetched();
      expect(after.access_token).not.toBe(before.access_token);
      expect(after.refresh_token).not.toBe(before.refresh_token);
      expect(new Date(String(after.expires_at)).getTime() - clock.now().getTime()).toBeGreaterThan(50 * 60_000);
      expect(await fetched()).toEqual(after);
    },
  );

  test("leaves alone what is good for a while", async () => {
    const [before, count] = [await fetched(), refreshes()];
    secondsLeft(600);
    expect(await fetched()).toEqual(before);
    expect(refreshes()).toBe(count);
  });

  test("asks the provider once for fifty callers on two instances, and all get the same", async () => {
    const other = await anotherInstance();
    const count = refreshes();
    secondsLeft(-1);
    const { clock: otherClock } = await import("@/lib/platform/clock");
    vi.spyOn(otherClock, "now").mockImplementation(() => clock.now());
    const callers = Array.from({ length: 50 }, (_, at) =>
      at % 2 ? fetchSecret(mine.program, id) : other.fetchSecret(mine.program, id),
    );
    const tokens = new Set((await Promise.all(callers)).map(({ data }) => data.access_token));
    expect(tokens.size).toBe(1);
    expect(refreshes()).toBe(count + 1);
    secondsLeft(-HOUR_MS / 1_000);
    expect(await failing(fetched())).toBe("went through");
  });

  test("disturbs nobody's edit: the version stays, and a change made meanwhile keeps the new tokens", async () => {
    const { version } = await getCredential(mine.user, id);
    secondsLeft(-1);
    const name = `Renamed ${id}`;
    await Promise.all([fetched(), updateCredential(mine.user, id, { name })]);
    expect(await getCredential(mine.user, id)).toMatchObject({ name, version: version + 1 });
    secondsLeft((-2 * HOUR_MS) / 1_000);
    expect(await failing(fetched())).toBe("went through");
  });
});

describe("the background", () => {
  const due = () =>
    inSight(wholeOf(mine.orgId), (tx) =>
      tx.credential.updateMany({ where: { orgId: mine.orgId, id }, data: { refreshAt: new Date(Date.now() - 1_000) } }),
    );

  test("renews what is due before anybody asks, once among several instances", async () => {
    const [before, count] = [await fetched(), refreshes()];
    await due();
    await Promise.all([renewDue(), renewDue(), renewDue()]);
    expect(refreshes()).toBe(count + 1);
    expect((await fetched()).access_token).not.toBe(before.access_token);
    await renewDue();
    expect(refreshes()).toBe(count + 1);
  });

  test("leaves alone what is switched off", async () => {
    await updateCredential(mine.user, id, { active: false });
    await due();
    const count = refreshes();
    await renewDue();
    expect(refreshes()).toBe(count);
  });
});

describe("a provider in trouble", () => {
  test("costs callers a refusal that says when to come back, is not asked again at once, and never breaks the connection", async () => {
    secondsLeft(-1);
    server.tokenEndpoint = "failing";
    const refusals = await Promise.all(Array.from({ length: 20 }, () => fetched().catch((error) => error)));
    expect(new Set(refusals.map(({ code }) => code))).toEqual(new Set(["unavailable"]));
    expect(refusals.every(({ retryAfterSeconds }) => retryAfterSeconds >= 1)).toBe(true);
    expect((await getCredential(mine.user, id)).status).toBe("active");
  });

  test("still hands out a token in its last minute", async () => {
    const before = await fetched();
    secondsLeft(20);
    server.tokenEndpoint = "failing";
    expect(await fetched()).toEqual(before);
  });

  test("that stays silent is not waited for without end", async () => {
    secondsLeft(-1);
    server.tokenEndpoint = "silent";
    expect(await failing(fetched())).toBe("unavailable");
  });
});

test("a connection that the provider has ended says so once and for all, until somebody reconnects", async () => {
  const { refresh_token } = await fetched();
  secondsLeft(-1);
  await fetched();
  // The provider sees the old refresh token again and ends the whole grant.
  await updateCredential(mine.user, id, { data: { mode: "merge", values: { refresh_token } } });
  secondsLeft((-2 * HOUR_MS) / 1_000);
  expect(await failing(fetched())).toBe("reauthorization_required");
  const count = refreshes();
  expect(await failing(fetched())).toBe("reauthorization_required");
  expect(refreshes()).toBe(count);
  expect((await getCredential(mine.user, id)).status).toBe("needs_reauth");
  vi.restoreAllMocks();
  // Also where the stored access would have had time left.
  expect(await failing(fetched())).toBe("reauthorization_required");
  const { url, browserKey } = await startAuthorization(mine.user, { for: { id }, redirectUri });
  const query = await walkThrough(new URL(url), redirectUri);
  const ended = await finishAuthorization({
    query,
    redirectUri,
    browserKey,
    requestId: "test-request",
    address: "192.0.2.9",
  });
  expect(ended).toMatchObject({ ending: "connected", credential: { id, status: "active" } });
  expect(await failing(fetched())).toBe("went through");
});
