import { describe, expect, test } from "vitest";
import {
  hasPermission,
  type Permission,
  permissions,
  type Role,
  type Scope,
  scopes,
  userRoles,
} from "@/lib/vocabulary/permissions";

const roles: Role[] = [...userRoles, "integration", "system", "delegated_admin", "unconfirmed"];
const all = Object.keys(permissions) as Permission[];
const granted = (role: Role, held: readonly Scope[] | undefined) => all.filter((one) => hasPermission(role, held, one));

describe.each(roles)("a token of a %s", (role) => {
  test("may do nothing without a scope, and nothing by a word that is none", () => {
    for (const held of [[], ["*"], ["ALL"], [""], ["__proto__"], ["constructor"], ["reads", "toString"]])
      expect(granted(role, held as Scope[]), held.join()).toEqual([]);
  });

  test("may with all what its owner may, and with each narrower scope no more", () => {
    const whole = granted(role, undefined);
    expect(granted(role, ["all"])).toEqual(whole);
    const steps = scopes.map((scope) => granted(role, [scope]));
    for (const [at, step] of steps.entries()) expect(steps[at + 1] ?? whole).toEqual(expect.arrayContaining(step));
    for (const scope of scopes) expect(granted(role, [scope, "unknown" as Scope])).toEqual(granted(role, [scope]));
  });
});

test("who waits for a confirmation may change and read nothing", () => {
  expect(granted("unconfirmed", undefined)).toEqual(["organization:read"]);
});
