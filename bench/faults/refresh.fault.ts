import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { walkThrough } from "../../test/oauth/browser";
import { type AuthorizationServer, startAuthorizationServer } from "../../test/servers/authorization-server";
import type { Product } from "../product.mjs";
import { type Answer, type Subject, secondInstance, send, subject } from "./client";

/** F6, against a certified provider that rotates refresh tokens and ends a grant when an old one comes again. */
let provider: AuthorizationServer;
let one: Subject;
let other: Product;
let second: Awaited<ReturnType<typeof secondInstance>>;

beforeAll(async () => {
  provider = await startAuthorizationServer({ scopes: ["email", "https://www.googleapis.com/auth/drive.file"] });
  const settings = {
    OUTBOUND_ALLOW: "127.0.0.0/8:1-65535",
    GOOGLE_CLIENT_ID: provider.clientId,
    GOOGLE_CLIENT_SECRET: provider.clientSecret,
    GOOGLE_ISSUER: provider.issuer,
  };
  one = await subject(settings);
  await one.product.command([
    "organization",
    "limits",
    "--name",
    "Faults",
    "--per-provider",
    "1000",
    "--per-user",
    "1000",
  ]);
  second = await secondInstance(one, settings);
  other = second.other;
  provider.open([`${one.product.url}/api/integrations/google/callback`]);
});
afterAll(async () => {
  await second.stop();
  await provider.stop();
});
beforeEach(() => {
  provider.tokenEndpoint = "sound";
});

/** How long access lives that is to have ended: what is alive is handed out while the provider is in trouble. */
const LIFE_S = 1;

/**
 * A credential whose access has ended, and how often the provider had been asked before that: the background may be
 * faster than any caller. `meeting` is how the provider meets whoever comes to renew it, `nextLife` how long what it
 * gives then lives, in seconds.
 */
async function ended(
  meeting: AuthorizationServer["tokenEndpoint"] = "sound",
  nextLife = 3_600,
): Promise<{ id: string; before: number }> {
  provider.accessTokenSeconds = LIFE_S;
  const { url } = one.product;
  const headers = { authorization: `Bearer ${one.user}` };
  const begun = await fetch(`${url}/api/integrations/google/authorize`, { headers });
  const cookie = begun.headers.get("set-cookie")?.split(";")[0] ?? "";
  const { authorization_url, redirect_uri } = (await begun.json()) as Record<string, string>;
  const query = await walkThrough(new URL(authorization_url ?? ""), redirect_uri ?? "");
  const page = await (await fetch(`${redirect_uri}?${query}`, { headers: { cookie } })).text();
  provider.accessTokenSeconds = nextLife;
  provider.tokenEndpoint = meeting;
  const before = provider.tokenRequests();
  await pause(LIFE_S * 1_100);
  return { id: /"credentialId":"([^"]+)"/.exec(page)?.[1] ?? "", before };
}

const fetched = (id: string, url = one.product.url) => send(url, one.program, "GET", `/${id}/credentials`);
/** Fifty at once, on both instances in turn. */
const fifty = (id: string) =>
  Promise.all(Array.from({ length: 50 }, (_, at) => fetched(id, at % 2 ? one.product.url : other.url)));
const statusOf = async (id: string) => (await send(other.url, one.user, "GET", `/${id}`)).body.status;
const all = (answers: Answer[]) => [...new Set(answers.map(({ status }) => status))];
const slowest = (answers: Answer[]) => Math.round(Math.max(...answers.map(({ ms }) => ms)));

test("F6: fifty fetches on two instances renew ended access once, and the grant lives", async () => {
  for (let round = 0; round < 5; round++) {
    const { id, before } = await ended();
    const answers = await fifty(id);
    expect(all(answers)).toEqual([200]);
    expect(new Set(answers.map(({ body }) => body.access_token)).size).toBe(1);
    expect(provider.tokenRequests()).toBe(before + 1);
    expect(await provider.known(answers[0]?.body.access_token)).toBeDefined();
    console.log(`F6: 50 fetches on 2 instances, 1 refresh, slowest ${slowest(answers)} ms`);
  }
});

test("F6: a provider in trouble gets no storm, callers are told when to come back, and nothing is broken by it", async () => {
  const { id, before } = await ended("failing");
  const began = performance.now();
  const statuses = new Set<number>();
  while (performance.now() - began < 10_000) {
    for (const { status, headers } of await fifty(id)) {
      statuses.add(status);
      expect([status, headers.has("retry-after")]).toEqual([503, true]);
    }
    await pause(250);
  }
  const asked = provider.tokenRequests() - before;
  expect([...statuses]).toEqual([503]);
  expect(asked).toBeLessThanOrEqual(10);
  expect(await statusOf(id)).toBe("active");
  provider.tokenEndpoint = "sound";
  await expect.poll(async () => (await fetched(id)).status, { timeout: 60_000, interval: 500 }).toBe(200);
  console.log(`F6: 10 s of failures under load, ${asked} requests at the provider, then success`);
});

test("F6: a provider that stalls costs callers no more than ten seconds", async () => {
  const { id } = await ended("silent");
  const answers = await fifty(id);
  expect(all(answers)).toEqual([503]);
  expect(slowest(answers)).toBeLessThan(10_500);
  expect(await statusOf(id)).toBe("active");
  provider.tokenEndpoint = "sound";
  await expect.poll(async () => (await fetched(id)).status, { timeout: 60_000, interval: 500 }).toBe(200);
  console.log(`F6: stalled, slowest of 50 callers ${slowest(answers)} ms`);
});

test("F6: a grant that the provider has ended is asked for once, and then says that somebody must sign in", async () => {
  // Renewed to access that ends at once as well, so that there is a refresh token to end the grant with.
  const { id } = await ended("sound", LIFE_S);
  const { body } = await fetched(id);
  await provider.endGrant(body.refresh_token);
  const before = provider.tokenRequests();
  await pause(LIFE_S * 1_100);
  const answers = await fifty(id);
  expect(all(answers)).toEqual([500]);
  expect(await statusOf(id)).toBe("needs_reauth");
  expect(all(await fifty(id))).toEqual([500]);
  const asked = provider.tokenRequests() - before;
  expect(asked).toBe(1);
  console.log(`F6: ended grant, ${asked} request for 100 fetches`);
});

test("F6: killed between the provider's answer and the commit, it either has the new token or says so; it never loops", async () => {
  const withheld = new Promise<void>((resolve) => {
    provider.onWithheld = resolve;
  });
  const { id, before } = await ended("withholding");
  void fetched(id);
  await withheld;
  await one.product.kill();
  provider.tokenEndpoint = "sound";
  const began = performance.now();
  const waiting = await fetched(id, other.url);
  expect([200, 500, 503]).toContain(waiting.status);
  const settled = async () => [(await fetched(id, other.url)).status, await statusOf(id)].join(" ");
  await expect.poll(settled, { timeout: 90_000, interval: 2_000 }).toMatch(/^(200 active|500 needs_reauth)$/);
  const requests = provider.tokenRequests() - before;
  expect(requests).toBeLessThanOrEqual(3);
  const after = provider.tokenRequests();
  await fifty(id).catch(() => undefined);
  expect(provider.tokenRequests()).toBe(after);
  console.log(
    `F6: killed in between, settled after ${Math.round(performance.now() - began)} ms with ${requests} requests: ${await statusOf(id)}`,
  );
  await one.product.start();
});
