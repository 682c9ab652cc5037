import { afterAll, beforeAll, expect, test } from "vitest";
import type { Product } from "../product.mjs";
import { ADMIN, type Subject, secondInstance, send, subject } from "./client";

/** What is taken away on one instance, while another one is asked for it without a pause. */
let one: Subject;
let other: Product;
let second: Awaited<ReturnType<typeof secondInstance>>;

beforeAll(async () => {
  one = await subject();
  second = await secondInstance(one, ADMIN);
  other = second.other;
});
afterAll(async () => {
  await second.stop();
});

/** Anything at the first instance. */
async function call(method: string, path: string, body?: unknown) {
  const response = await fetch(`${one.product.url}/api${path}`, {
    method,
    headers: { authorization: `Bearer ${one.user}`, ...(body !== undefined && { "content-type": "application/json" }) },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  expect(response.status, path).toBeLessThan(300);
  return response.status === 204 ? undefined : response.json();
}

/** A program that may use one credential, with its key. */
async function given(name: string) {
  const credentials = { host: "sftp.example.com", username: "alice", password: "stored" };
  const { id } = await call("POST", "/integrations/credentials", {
    ...{ provider: "sftp", credential_type: "user_password", name, credentials },
  });
  const program = await call("POST", "/service-accounts", { name });
  const keys = `/service-accounts/${program.id}/api-keys`;
  const key = await call("POST", keys, { name });
  const over = { subject_type: "service_account", subject_id: program.id, reach: "credential", key: id };
  const [grant] = await call("POST", "/access/grants", { ...over, rights: ["use"] });
  return { id, token: key.token, grant: `/access/grants/${grant.id}`, key: `${keys}/${key.id}` };
}

/** How long after `change` was answered here the other instance still began to give the secret, in milliseconds; and how it refuses then. */
async function untilRefused(id: string, token: string, change: () => Promise<unknown>) {
  const fetched = () => send(other.url, token, "GET", `/${id}/credentials`);
  expect((await fetched()).status).toBe(200);
  let changedAt = Number.POSITIVE_INFINITY;
  const changing = change().then(() => {
    changedAt = performance.now();
  });
  for (let last = 0; ; ) {
    const began = performance.now();
    const { status } = await fetched();
    if (status === 200) {
      last = began;
      continue;
    }
    await changing;
    return { ms: Math.max(0, last - changedAt), status };
  }
}

test("a grant that is taken away, and a token that is narrowed or revoked, hold on another instance within a second", async () => {
  const worst = { "a grant was taken away": 0, "a token was narrowed": 0, "a token was revoked": 0 };
  const note = (what: keyof typeof worst, { ms }: { ms: number }) => {
    worst[what] = Math.max(worst[what], Math.round(ms));
  };
  for (let round = 0; round < 15; round++) {
    const first = await given(`taken away ${round}`);
    const taken = await untilRefused(first.id, first.token, () => call("DELETE", first.grant));
    expect(taken.status).toBe(404);
    note("a grant was taken away", taken);
    const second = await given(`narrowed ${round}`);
    const limits = { rights: ["see"] };
    const narrowed = await untilRefused(second.id, second.token, () => call("PATCH", second.key, { limits }));
    expect(narrowed.status).toBe(403);
    note("a token was narrowed", narrowed);
    const third = await given(`revoked ${round}`);
    const revoked = await untilRefused(third.id, third.token, () => call("DELETE", third.key));
    expect(revoked.status).toBe(401);
    note("a token was revoked", revoked);
  }
  for (const [what, ms] of Object.entries(worst)) {
    console.log(`another instance gave the secret ${ms} ms after ${what}, at the longest of 15`);
    expect(ms).toBeLessThan(1_000);
  }
});
