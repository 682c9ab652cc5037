import { randomUUID } from "node:crypto";
import pg from "pg";
import { beforeAll, expect, test } from "vitest";
import type { Answer, Api, Sent } from "@/test/api";
import { Canaries } from "@/test/canaries";
import type { Doorstep } from "@/test/litegraph";
import { captureOutput } from "@/test/output";
import { ownDatabase, wholeDatabase } from "@/test/own-database";

/**
 * Tokens and passwords are planted on every path of the dialect. Each may come out in one place: the answer to the write
 * that set the token. A database of its own, and all that the process says, are read.
 */
const database = await ownDatabase();
Object.assign(process.env, { DATABASE_URL: database.url, LOG_LEVEL: "debug" });
const output = captureOutput();
const marks = new Canaries();

let api: Api;
let door: Doorstep;
const NAME = `Known ${randomUUID()}`;

beforeAll(async () => {
  const { startApi } = await import("@/test/api");
  const { doorstep } = await import("@/test/litegraph");
  [api, door] = [await startApi(), await doorstep()];
  for (const token of [door.admin, door.platform]) marks.lookFor("an administrator's token", Buffer.from(token));
});

const token = (place: string) => {
  const text = `planted${randomUUID().replaceAll("-", "")}${randomUUID().replaceAll("-", "")}`;
  marks.lookFor(place, Buffer.from(text));
  return text;
};
const password = (place: string) => marks.secret(place);

/** Sends, and looks for every secret in all of the answer, but the token that this write may answer. */
async function send(method: string, path: string, options: Sent & { answers?: string } = {}): Promise<Answer> {
  const { answers, ...sent } = options;
  const answer = await api.send(method, path, { token: door.admin, ...sent });
  const text = (JSON.stringify([...answer.headers]) + answer.text).replaceAll(answers ?? "\0", "");
  expect(marks.foundIn(text), `${method} ${path.slice(0, 30)} ${answer.status}`).toEqual([]);
  return answer;
}

test("faults 1 and 5: a token comes out in the answer to the write that set it, a password never", async () => {
  const [users, credentials] = [door.at("/users"), door.at("/credentials")];
  const person = { FirstName: NAME, LastName: "x", Email: `k-${randomUUID()}@example.test` };
  const user = (await send("PUT", users, { body: { ...person, Password: password("a new user") } })).body;
  const path = `${users}/${user.GUID}`;
  await send("PUT", path, { body: { Password: password("a changed user") } });
  const first = token("a created credential");
  const order = { UserGUID: user.GUID, Name: NAME, BearerToken: first };
  const headers = { "idempotency-key": randomUUID() };
  const made = (await send("PUT", credentials, { body: order, headers, answers: first })).body;
  await send("PUT", credentials, { body: order, headers });
  const item = `${credentials}/${made.GUID}`;
  const second = token("a rotated credential");
  expect((await send("PUT", item, { body: { ...order, BearerToken: second }, answers: second })).body.BearerToken).toBe(
    second,
  );
  for (const [version, at] of [
    ["v1.0", item],
    ["v1.0", credentials],
    ["v1.0", users],
    ["v1.0", path],
    ["v2.0", "pages"],
  ]) {
    if (version === "v1.0") await send("GET", at ?? "");
    else
      for (const kind of ["/users", "/credentials"]) {
        await send("GET", door.at(kind, "v2.0"));
        await send("POST", door.at(kind, "v2.0"), { body: {} });
      }
  }
  await send("PUT", item, { body: { Name: NAME } });
  await send("GET", `/v1.0/credentials/bearer/${second}`);
  await send("GET", "/api/integrations/catalog", { token: second });
  await send("DELETE", item);
});

test("faults 1 and 17: no refusal repeats what was sent", async () => {
  const [users, credentials] = [door.at("/users"), door.at("/credentials")];
  const secret = () => token("a refused value");
  const order = () => ({ UserGUID: door.own.user.id, Name: "x", BearerToken: secret() });
  for (const wrong of [
    { Name: 5 },
    { UserGUID: secret() },
    { Scopes: [secret()] },
    { BearerToken: { token: secret() } },
    { BearerToken: `${secret()} ${secret()}` },
  ]) {
    expect((await send("PUT", credentials, { body: { ...order(), ...wrong } })).status).toBe(400);
  }
  const { BearerToken } = (
    await api.send("PUT", credentials, { token: door.admin, body: { ...order(), BearerToken: secret() } })
  ).body;
  expect((await send("PUT", credentials, { body: { ...order(), BearerToken } })).status).toBe(409);
  for (const wrong of [
    { Email: 5 },
    { Email: password("no address") },
    { Password: { text: password("no text") } },
    { Password: password("too long").repeat(10) },
  ]) {
    const body = { FirstName: "x", Email: "x@example.test", Password: password("refused"), ...wrong };
    expect((await send("PUT", users, { body })).status).toBe(400);
  }
  for (const [method, path] of [
    ["GET", `/v1.0/${secret()}`],
    ["GET", `${credentials}/${secret()}`],
    ["GET", `/v1.0/credentials/bearer/${secret()}`],
    ["GET", `${credentials}?order=${secret()}`],
  ] as const) {
    expect((await send(method, path)).status).toBeGreaterThanOrEqual(400);
  }
  const wrongPassword = {
    "x-email": door.own.admin.name,
    "x-password": password("wrong"),
    "x-tenant-guid": door.own.orgId,
  };
  const ways: Record<string, string>[] = [
    wrongPassword,
    { "x-token": secret() },
    { authorization: `Bearer ${secret()}` },
  ];
  for (const headers of ways) {
    expect((await send("GET", credentials, { token: undefined, headers })).status).toBe(401);
  }
});

test("fault 17: an unforeseen failure of the database says nothing of itself", async () => {
  const owner = new pg.Client({ connectionString: database.ownerUrl });
  await owner.connect();
  await owner.query("ALTER TABLE person_link RENAME TO person_link_away");
  const body = { Email: "failing@example.test", Password: password("a failing save") };
  const failed = await send("PUT", door.at("/users"), { body });
  await owner.query("ALTER TABLE person_link_away RENAME TO person_link");
  await owner.end();
  expect([failed.status, Object.keys(failed.body)]).toEqual([500, ["Error", "Message", "StatusCode"]]);
  expect(output.join("")).toContain("unforeseen error");
});

test("a security token is kept nowhere", async () => {
  const { byPassword } = await import("@/test/litegraph");
  const { body } = await api.send("GET", "/v1.0/token", { headers: byPassword(door.own.admin) });
  marks.lookFor("a security token", Buffer.from(body.Token.slice(-60)));
  await send("GET", door.at("/credentials"), { token: undefined, headers: { "x-token": body.Token } });
});

test("faults 1, 2 and 3: nothing of it all is in the database or in what the process said; what is no secret is", async () => {
  const owner = new pg.Client({ connectionString: database.ownerUrl });
  await owner.connect();
  const stored = await wholeDatabase(owner);
  for (const [name, rows] of Object.entries(stored)) expect(marks.foundIn(rows), name).toEqual([]);
  const { rows: hashes } = await owner.query("SELECT password_hash FROM user_account WHERE password_hash IS NOT NULL");
  await owner.end();
  expect(hashes.every(({ password_hash }) => password_hash.startsWith("$argon2id$"))).toBe(true);
  expect(marks.foundIn(output.join(""))).toEqual([]);
  expect(output.join("")).toContain("/v1.0/credentials/bearer/{token}");
  for (const table of ["public.api_token", "public.user_account", "public.idempotency_key"])
    expect(stored[table]).toContain(NAME);
});
