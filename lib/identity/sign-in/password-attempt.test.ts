import { randomUUID } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { expect, test, vi } from "vitest";
import { authenticateByPassword, createUser, signIn } from "@/lib/identity";
import { platformActor } from "@/lib/organizations";
import { PASSWORD, tenant } from "@/test/tenant";

const { verify } = vi.hoisted(() => ({ verify: vi.fn() }));
vi.mock("@node-rs/argon2", async (load) => {
  const original = await load<typeof import("@node-rs/argon2")>();
  verify.mockImplementation(original.verify);
  return { ...original, verify };
});

test("as many hashes are compared for an address that nobody has as for one that several organisations know", async () => {
  const organizations = [await tenant(), await tenant(), await tenant()];
  const known = async (times: number) => {
    const email = `p-${randomUUID()}@example.test`;
    for (const { orgId } of organizations.slice(0, times))
      await createUser(platformActor("test-request", orgId), { email, role: "app_user", password: PASSWORD });
    return email;
  };
  const emails = [await known(0), await known(1), await known(2), await known(3)];
  const comparisons = async (attempt: () => Promise<unknown>) => {
    verify.mockClear();
    await attempt().catch(() => undefined);
    return verify.mock.calls.length;
  };
  const from = () => ({ address: randomUUID(), userAgent: "test", requestId: "test-request" });
  const [first] = organizations;
  const doors = [
    (email: string, password: string) => signIn({ ...from(), email, password }),
    (email: string, password: string) => signIn({ ...from(), email, password, organization: first?.name }),
    (email: string, password: string) =>
      authenticateByPassword({ ...from(), email, password, organizationId: first?.orgId }),
  ];
  for (const door of doors) {
    const counts = [];
    for (const email of emails)
      for (const password of [PASSWORD, "wrong password!"]) counts.push(await comparisons(() => door(email, password)));
    expect(new Set(counts).size, String(counts)).toBe(1);
  }
});

test("a password is compared in one place, behind the throttle, and hashes are made and compared in one other", () => {
  const using = (pattern: RegExp) => sources.filter((file) => pattern.test(readFileSync(file, "utf8"))).sort();
  expect(using(/@node-rs\/argon2/)).toEqual(["lib/identity/sign-in/hashing.ts"]);
  expect(using(/\bisPasswordOf\b/)).toEqual([
    "lib/identity/sign-in/hashing.ts",
    "lib/identity/sign-in/password-attempt.ts",
  ]);
  // Whoever compares a password says which throttle stands before it; there are these two, and no one's own.
  expect(using(/\bauthenticatePassword\(/)).toEqual(["lib/identity/sign-in/sign-in.ts", "lib/identity/users/own.ts"]);
  expect(using(/\b(signInThrottle|stepUpThrottle)\(/)).toEqual([
    "lib/identity/sign-in/sign-in.ts",
    "lib/identity/sign-in/throttle.ts",
    "lib/identity/users/own.ts",
  ]);
  expect(using(/\bassertNotBlocked(:|\()/)).toEqual([
    "lib/identity/sign-in/password-attempt.ts",
    "lib/identity/sign-in/throttle.ts",
  ]);
});

const sources = ["lib", "app"].flatMap((folder) =>
  readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((file) => `${folder}/${file}`)
    .filter((file) => /\.tsx?$/.test(file) && !/\.test\.ts$|\/generated\//.test(file)),
);
