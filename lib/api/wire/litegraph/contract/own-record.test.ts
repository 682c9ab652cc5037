import { randomUUID } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import type { Actor } from "@/lib/authorization/actor";
import { getPerson, signIn } from "@/lib/identity";
import { listAuditEvents } from "@/lib/platform/audit/history";
import { type Api, startApi } from "@/test/api";
import { byPassword, type Doorstep, doorstep, lgError } from "@/test/litegraph";
import { PASSWORD } from "@/test/tenant";

let api: Api;
let door: Doorstep;
beforeAll(async () => {
  [api, door] = [await startApi(), await doorstep()];
});

const at = (person: Actor) => `/v1.0/tenants/${person.orgId}/users/${person.id}`;
const NEXT = `${PASSWORD} next`;

describe.each(["app_user", "auditor"] as const)("a user who is %s", (role) => {
  const somebody = async () => {
    const person = await door.own.person(role);
    await api.send("PUT", at(person), { token: door.admin, body: { Password: PASSWORD } });
    return person;
  };

  test("reads the own record, by token and by password", async () => {
    const person = await somebody();
    const expected = { status: 200, body: { GUID: person.id, Email: person.name, IsTenantAdmin: false } };
    expect(await api.send("GET", at(person), { token: await door.own.token(person) })).toMatchObject(expected);
    expect(await api.send("GET", at(person), { headers: byPassword(person) })).toMatchObject(expected);
    expect((await api.send("HEAD", `/litegraph/10${at(person)}`, { headers: byPassword(person) })).status).toBe(200);
  });

  test("changes the own name, sends back the rest as it was read, and is told of a change by others", async () => {
    const person = await somebody();
    const token = await door.own.token(person);
    const { body } = await api.send("GET", at(person), { token });
    const changed = await api.send("PUT", at(person), { token, body: { ...body, FirstName: "Gia", LastName: "New" } });
    expect(changed).toMatchObject({ status: 200, body: { FirstName: "Gia", LastName: "New", Email: person.name } });
    expect(await getPerson(door.own.admin, person.id)).toMatchObject({ role, status: "active", firstName: "Gia" });
    const late = await api.send("PUT", at(person), { token, body: { ...body, FirstName: "Late" } });
    expect(late).toMatchObject(lgError("Conflict", 409));
  });

  test.each([{ IsTenantAdmin: true }, { IsSystemAdmin: true }, { Active: false }, { Email: "other@example.test" }])(
    "changes nothing that is an administrator's to change: %o",
    async (wish) => {
      const person = await somebody();
      const before = await getPerson(door.own.admin, person.id);
      const answer = await api.send("PUT", at(person), {
        token: await door.own.token(person),
        body: { FirstName: "X", ...wish },
      });
      expect(answer).toMatchObject(lgError("AuthorizationFailed", 401));
      expect(answer.body.Description).toContain("administrator");
      expect(await getPerson(door.own.admin, person.id)).toEqual(before);
    },
  );

  test("sets a new password with the present one, and no token of any kind does", async () => {
    const person = await somebody();
    const issued = await api.send("GET", "/v1.0/token", { headers: byPassword(person) });
    const ways = [{ token: await door.own.token(person) }, { headers: { "x-token": issued.body.Token } }];
    for (const way of ways) {
      const answer = await api.send("PUT", at(person), { ...way, body: { Password: NEXT } });
      expect(answer).toMatchObject(lgError("AuthorizationFailed", 401));
    }
    const set = await api.send("PUT", at(person), { headers: byPassword(person), body: { Password: NEXT } });
    expect(set).toMatchObject({ status: 200, body: { Password: "********" } });
    const attempt = { email: person.name, address: randomUUID(), userAgent: "", requestId: "test-request" };
    await expect(signIn({ ...attempt, password: NEXT })).resolves.toBeDefined();
    await expect(signIn({ ...attempt, password: PASSWORD })).rejects.toMatchObject({ code: "unauthenticated" });
    expect((await api.send("GET", at(person), { headers: { "x-token": issued.body.Token } })).status).toBe(401);
  });

  test("has the change of the own password on record as the console has it, beside that of the name", async () => {
    const person = await somebody();
    const set = (body: object) => api.send("PUT", at(person), { headers: byPassword(person), body });
    expect((await set({ FirstName: "Named" })).status).toBe(200);
    expect((await set({ FirstName: "Renamed", Password: NEXT })).status).toBe(200);
    const { events } = await listAuditEvents(door.own.admin, { targetId: person.id, actorId: person.id });
    expect(events.map(({ action, fields }) => [action, fields])).toEqual([
      ["user.updated", ["first_name"]],
      ["user.password_changed", ["password"]],
      ["user.updated", ["first_name"]],
    ]);
  });

  test("that is too short is refused, and the name that was sent with it stays as it was", async () => {
    const person = await somebody();
    const before = await getPerson(door.own.admin, person.id);
    const answer = await api.send("PUT", at(person), {
      headers: byPassword(person),
      body: { FirstName: "Changed", Password: "short" },
    });
    expect(answer).toMatchObject(lgError("BadRequest", 400));
    expect(await getPerson(door.own.admin, person.id)).toEqual(before);
  });

  test("reaches nobody else's record, and does not delete the own one", async () => {
    const person = await somebody();
    const token = await door.own.token(person);
    const elsewhere = await doorstep();
    for (const path of [
      at(door.own.other),
      at(door.own.admin),
      at(elsewhere.own.user),
      `/v1.0/tenants/${elsewhere.own.orgId}/users/${person.id}`,
    ]) {
      for (const method of ["GET", "PUT", "DELETE"])
        expect(
          (await api.send(method, path, { token, ...(method === "PUT" && { body: { FirstName: "X" } }) })).status,
        ).toBe(401);
    }
    expect((await api.send("DELETE", at(person), { token })).status).toBe(401);
  });

  test("writes nothing with a token that only reads", async () => {
    const person = await somebody();
    const token = await door.own.token(person, { scopes: ["read"] });
    expect((await api.send("GET", at(person), { token })).status).toBe(200);
    expect((await api.send("PUT", at(person), { token, body: { FirstName: "X" } })).status).toBe(401);
  });
});

test("a service account has no record here", async () => {
  const token = await door.own.token(door.own.program);
  expect((await api.send("GET", at(door.own.program), { token })).status).toBe(401);
});
