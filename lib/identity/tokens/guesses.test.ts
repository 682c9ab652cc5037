import { randomBytes } from "node:crypto";
import { expect, test, vi } from "vitest";
import { acceptLink, openLink } from "@/lib/identity";
import { authenticateToken } from "@/lib/identity/tokens";
import * as db from "@/lib/platform/db";
import { tenant } from "@/test/tenant";
import { forgetCallers } from "./authenticate";

/** As somebody might choose one; one of our making that is mistyped is not even looked up. */
const unknown = () => randomBytes(32).toString("base64url");
const ask = (token: string, address: string) =>
  authenticateToken(token, "test-request", address).then(
    () => "known",
    (error: { code?: string }) => error.code,
  );

test("unknown tokens of one network are looked up three hundred times a minute, good ones always", async () => {
  const own = await tenant();
  const [used, fresh] = [await own.token(own.program), await own.token(own.user)];
  let host = 0;
  const somewhere = () => `2001:db8:aa:bb::${(++host).toString(16)}`;
  expect(await ask(used, somewhere())).toBe("known");
  const all = await Promise.all(Array.from({ length: 300 }, () => ask(unknown(), somewhere())));
  expect(new Set(all)).toEqual(new Set(["unauthenticated"]));
  const lookUps = vi.spyOn(db, "statement");
  expect(await ask(unknown(), somewhere())).toBe("too_many_requests");
  expect(lookUps).not.toHaveBeenCalled();
  forgetCallers();
  expect(await ask(used, somewhere())).toBe("known");
  expect(await ask(unknown(), "2001:db8:aa:bc::1")).toBe("unauthenticated");
  // What was never seen may be a guess: it waits its minute.
  expect(await ask(fresh, somewhere())).toBe("too_many_requests");
  expect(await ask(fresh, "203.0.113.9")).toBe("known");
});

test("a refused look-up names the time to wait", async () => {
  for (let at = 0; at < 300; at++) await ask(unknown(), "203.0.113.77");
  await expect(authenticateToken(unknown(), "test-request", "203.0.113.77")).rejects.toMatchObject({
    code: "too_many_requests",
    retryAfterSeconds: expect.any(Number),
  });
});

test("links that nobody was given are counted with them", async () => {
  const from = { address: "203.0.113.78", requestId: "test-request" };
  const code = (run: Promise<unknown>) =>
    run.then(
      (found) => found,
      (error: { code?: string }) => error.code,
    );
  expect(await code(openLink(unknown(), from))).toBeNull();
  expect(await code(acceptLink(unknown(), "a long enough password", from))).toBe("not_found");
  for (let at = 0; at < 298; at++) await ask(unknown(), from.address);
  expect(await code(openLink(unknown(), from))).toBe("too_many_requests");
  expect(await code(acceptLink(unknown(), "a long enough password", from))).toBe("too_many_requests");
});
