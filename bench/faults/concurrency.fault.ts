import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ADMIN, create, query, type Subject, send, subject, values } from "./client";

let one: Subject;
beforeAll(async () => {
  one = await subject();
});
afterAll(() => one.product.stop());

const merge = { "content-type": "application/merge-patch+json" };
const patch = (id: string, body: unknown, headers: Record<string, string> = {}) =>
  send(one.product.url, one.user, "PATCH", `/${id}`, body, { ...merge, ...headers });
const histogram = (statuses: number[]) =>
  Object.fromEntries(
    [...new Set(statuses)].sort().map((status) => [status, statuses.filter((each) => each === status).length]),
  );

test("F11: of eight changes with one If-Match one wins; changes of different parts lose nothing in 200 rounds", async () => {
  const id = await create(one);
  const answers = await Promise.all(
    Array.from({ length: 8 }, (_, at) => patch(id, { tags: [`t${at}`] }, { "if-match": '"1"' })),
  );
  expect(histogram(answers.map(({ status }) => status))).toEqual({ 200: 1, 412: 7 });
  let lost = 0;
  for (let round = 0; round < 200; round++) {
    const [named, changed] = await Promise.all([
      patch(id, { name: `name ${round}` }),
      patch(id, { credentials: { password: `value ${round}` } }),
    ]);
    expect([named.status, changed.status]).toEqual([200, 200]);
    const [view, secret] = [
      await send(one.product.url, one.user, "GET", `/${id}`),
      await send(one.product.url, one.program, "GET", `/${id}/credentials`),
    ];
    if (view.body.name !== `name ${round}` || secret.body.password !== `value ${round}`) lost++;
  }
  console.log(
    `F11: 8 with one If-Match gave ${JSON.stringify(histogram(answers.map(({ status }) => status)))}; 200 rounds, ${lost} lost`,
  );
  expect(lost).toBe(0);
});

test("F12: ten parallel creates with one key make one row, also across a crash, another body and another organisation", async () => {
  const count = async () =>
    (await query<{ count: number }>(one.product, "SELECT count(*)::int AS count FROM credential"))[0]?.count ?? 0;
  const before = await count();
  const [key, body] = [{ "idempotency-key": randomUUID() }, values("once")];
  const post = (token = one.user, content: unknown = body) => send(one.product.url, token, "POST", "", content, key);
  const answers = await Promise.all(Array.from({ length: 10 }, () => post()));
  const statuses = histogram(answers.map(({ status }) => status));
  const again = await post();
  expect([again.status, again.headers.get("idempotent-replayed")]).toEqual([201, "true"]);
  expect(await count()).toBe(before + 1);
  expect((await post(one.user, values("another"))).status).toBe(422);

  // Killed between storing the credential and storing the answer: the retry finds what was made.
  await query(
    one.product,
    "UPDATE idempotency_key SET status = NULL, body = NULL, locked_until = now() - interval '1 second'",
  );
  await one.product.kill();
  await one.product.start();
  const retried = await post();
  expect([retried.status, retried.body.id]).toEqual([201, again.body.id]);
  expect(await count()).toBe(before + 1);

  await one.product.command(["organization", "create", "--name", "Other"]);
  await one.product.command([
    "user",
    "create",
    "--email",
    "other@example.test",
    "--role",
    "app_user",
    "--organization",
    "Other",
  ]);
  const other = (
    await one.product.command(["token", "create", "--user", "other@example.test", "--organization", "Other"])
  ).stdout.trim();
  const foreign = await post(other);
  expect(foreign.body.id).not.toBe(again.body.id);
  const [stored] = await query<{ body: string }>(
    one.product,
    "SELECT string_agg(body::text, '') AS body FROM idempotency_key",
  );
  expect(stored?.body).not.toContain("once");
  console.log(
    `F12: ten parallel gave ${JSON.stringify(statuses)}, ${(await count()) - before - 1} rows in ${ADMIN.LATCHKEY_ORGANIZATION}`,
  );
});
