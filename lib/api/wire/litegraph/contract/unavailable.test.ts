import { afterAll, beforeAll, expect, test } from "vitest";
import type { Api } from "@/test/api";
import { type DatabaseAway, databaseAway } from "@/test/database-away";
import type { Doorstep } from "@/test/litegraph";

let database: DatabaseAway;
let api: Api;
let door: Doorstep;
beforeAll(async () => {
  database = await databaseAway();
  const { startApi } = await import("@/test/api");
  const { doorstep } = await import("@/test/litegraph");
  [api, door] = [await startApi(), await doorstep()];
});
afterAll(async () => {
  await database.back();
  await (await import("@/lib/platform/db")).disconnect();
  database.close();
});

test("with the database away every request is 503, by the name that the caller's release knows, and nothing is made", async () => {
  const body = { FirstName: "Ana", LastName: "López", Email: "away@example.test" };
  const send = (prefix: string, method: string) =>
    api.send(method, `${prefix}${door.at("/users")}`, { token: door.admin, ...(method === "PUT" && { body }) });
  database.cut();
  for (const [prefix, name] of [
    ["", "InternalError"],
    ["/litegraph/10", "Unavailable"],
  ] as const) {
    for (const method of ["GET", "PUT"]) {
      const answer = await send(prefix, method);
      expect(answer, `${method} ${prefix}`).toMatchObject({ status: 503, body: { Error: name, StatusCode: 503 } });
      expect(answer.headers.get("retry-after")).toMatch(/^\d+$/);
    }
  }
  await database.back();
  await expect.poll(async () => (await send("", "GET")).status).toBe(200);
  const users = (await send("", "GET")).body as { Email: string }[];
  expect(users.map(({ Email }) => Email)).not.toContain(body.Email);
});
