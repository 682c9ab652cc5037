import { randomBytes, randomUUID } from "node:crypto";
import { expect } from "vitest";
import type { Actor } from "@/lib/authorization/actor";
import { updatePerson } from "@/lib/identity";
import type { Answer, Api } from "./api";
import { PASSWORD, type Tenant, tenant } from "./tenant";

/** What stands at LiteGraph's door: a tenant with its own administrator, and the platform's. */
export interface Doorstep {
  own: Tenant;
  /** Where the platform's administrator is at home. */
  home: Tenant;
  operator: Actor;
  /** Tokens of the two. */
  admin: string;
  platform: string;
  /** Below the own tenant: `at("/credentials")`. */
  at: (path?: string, version?: string) => string;
}

export async function doorstep(): Promise<Doorstep> {
  const [own, home] = await Promise.all([tenant(), tenant()]);
  const operator = await home.person("backoffice");
  for (const person of [own.admin, own.user, operator])
    await updatePerson(person.role === "backoffice" ? operator : own.admin, person.id, { password: PASSWORD });
  return {
    own,
    home,
    operator,
    admin: await own.token(own.admin),
    platform: await home.token(operator),
    at: (path = "", version = "v1.0") => `/${version}/tenants/${own.orgId}${path}`,
  };
}

/** A token strong enough to sign in with. */
export const strongToken = () => randomBytes(32).toString("base64url");

export const someEmail = () => `lg-${randomUUID()}@example.test`;

/** The headers of somebody who signs in for one request. */
export const byPassword = (person: { name: string; orgId: string }, password = PASSWORD) => ({
  "x-email": person.name,
  "x-password": password,
  "x-tenant-guid": person.orgId,
});

/** Makes a credential of the tenant's user, and answers it. */
export async function made(api: Api, { own, admin, at }: Doorstep, more: object = {}): Promise<Answer["body"]> {
  const body = { UserGUID: own.user.id, Name: "robot", ...more };
  const answer = await api.send("PUT", at("/credentials"), { token: admin, body });
  if (answer.status !== 200) throw new Error(`${answer.status} ${answer.text}`);
  return answer.body;
}

/** What an error of this dialect looks like. */
export const lgError = (name: string, status: number) => ({
  status,
  body: { Error: name, Message: expect.stringMatching(/./), StatusCode: status },
});
