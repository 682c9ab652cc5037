import { expect, test } from "vitest";

// The limit is a setting of the process, so it is set before the product is loaded.
process.env.RATE_LIMIT_PER_MINUTE = "20";
const { startApi } = await import("@/test/api");
const { tenant } = await import("@/test/tenant");

test("a token that asks too often gets 429 with Retry-After, and only that token", async () => {
  const api = await startApi();
  const own = await tenant();
  const [busy, calm] = [await own.token(own.user), await own.token(own.program)];
  const ask = (token: string) => api.send("GET", "/api/integrations/credentials", { token });
  const answers = await Promise.all(Array.from({ length: 30 }, () => ask(busy)));
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(20);
  const over = answers.filter(({ status }) => status === 429);
  expect(over).toHaveLength(10);
  expect(over[0]?.body.error.code).toBe("rate_limited");
  expect(Number(over[0]?.headers.get("retry-after"))).toBeGreaterThan(0);
  expect((await ask(calm)).status).toBe(200);
});
