import { randomUUID } from "node:crypto";
import pg from "pg";
import { beforeAll, expect, test } from "vitest";
import { type CredentialData, isSecret } from "@/lib/providers/define";
import { providers } from "@/lib/providers/index";
import type { Answer, Api, Sent } from "@/test/api";
import { Canaries, plantedValues } from "@/test/canaries";
import { captureOutput } from "@/test/output";
import { ownDatabase } from "@/test/own-database";
import { oneOfEachShape } from "@/test/providers/shape";
import type { Tenant } from "@/test/tenant";
import { kindOf } from "../kinds";

/**
 * A secret is planted in every secret field of every kind that this door knows, and sent on each of its paths, accepted
 * and refused. It comes out nowhere here. A database of its own, and all that the process says, are read.
 */
const database = await ownDatabase();
Object.assign(process.env, { DATABASE_URL: database.url, LOG_LEVEL: "debug", RATE_LIMIT_PER_MINUTE: "1000000" });
const output = captureOutput();
const marks = new Canaries();
const NAME = `Known ${randomUUID()}`;
const BASE = "/api/v1/credentials";
const kinds = providers().flatMap(({ id, methods }) =>
  methods.filter(({ openFields }) => openFields).map((method) => ({ id, method })),
);
/** Every kind is stored, shown and changed; one of each shape goes on every path, as what differs within one are names. */
const everyPath = oneOfEachShape(kinds);

let api: Api;
let own: Tenant;
let key: string;
let viewer: string;
beforeAll(async () => {
  const { startApi } = await import("@/test/api");
  const { tenant } = await import("@/test/tenant");
  [api, own] = [await startApi(), await tenant()];
  const { platformActor, updateOrganization } = await import("@/lib/organizations");
  await updateOrganization(platformActor("limits"), own.orgId, { maxPerUser: 1_000, maxPerProvider: 1_000 });
  [key, viewer] = [await own.token(own.user), await own.token(own.user, { scopes: ["read"] })];
  for (const token of [key, viewer]) marks.lookFor("an API token", Buffer.from(token));
});

async function send(method: string, path: string, options: Sent = {}): Promise<Answer> {
  const answer = await api.send(method, path, { token: key, ...options });
  expect(
    marks.foundIn(JSON.stringify([...answer.headers]) + answer.text),
    `${method} ${path} ${answer.status}`,
  ).toEqual([]);
  return answer;
}

test.each(kinds)("the secrets of $id come out of no path of this door", async (kind) => {
  const { id, method } = kind;
  const plainDataObj: CredentialData = {
    ...plantedValues(id, method, marks)[0],
    access_token: marks.secret(`${id} free field`),
  };
  const credentialName = kindOf({ provider: id, type: method.type });
  const body = { name: `${NAME} ${randomUUID()}`, credentialName, plainDataObj };
  const headers = { "idempotency-key": randomUUID() };
  const made = await send("POST", BASE, { body, headers });
  expect(made.status, made.text).toBe(200);
  const path = `${BASE}/${made.body.id}`;
  const shown = (await send("GET", path)).body.plainDataObj;
  for (const name of Object.keys(plainDataObj).filter((one) => isSecret(method, one)))
    expect(shown).toHaveProperty(name);
  await send("GET", `${BASE}?credentialName=${id}`);
  expect((await send("PUT", path, { body: { plainDataObj } })).status).toBe(200);
  if (!everyPath.has(kind)) return;
  await send("POST", BASE, { body, headers });
  await send("GET", `${path}/reveal`);
  expect((await send("PUT", path, { body: { plainDataObj, name: `${NAME} ${randomUUID()}` } })).status).toBe(200);
  for (const wrong of [{ name: null }, { credentialName: { plainDataObj } }, { plainDataObj: [plainDataObj] }])
    expect((await send("PUT", path, { body: { plainDataObj, ...wrong } })).status).toBe(400);
  expect((await send("POST", BASE, { body: { credentialName: id, plainDataObj } })).status).toBe(400);
  expect((await send("POST", BASE, { body, token: viewer })).status).toBe(403);
  expect((await send("PUT", `${BASE}/${randomUUID()}`, { body })).status).toBe(404);
  expect((await send("PATCH", path, { body })).status).toBe(405);
});

test("a secret in the wrong place is repeated nowhere", async () => {
  const secret = () => marks.secret("the wrong place");
  const inUrl = () => encodeURIComponent(secret());
  const form = `name=${inUrl()}&plainDataObj[openAIApiKey]=${inUrl()}`;
  const asForm = { "content-type": "application/x-www-form-urlencoded" };
  expect((await send("POST", BASE, { body: form, headers: asForm })).status).toBe(400);
  expect((await send("POST", BASE, { body: `{"name":"${secret()}"` })).status).toBe(400);
  expect((await send("GET", `${BASE}?credentialName=${inUrl()}`)).body).toEqual([]);
  const asUser = { "x-request-from": "internal" };
  const login = { email: "nobody@example.test", password: secret() };
  expect((await send("POST", "/api/v1/auth/login", { body: login, headers: asUser })).status).toBe(401);
  expect((await send("POST", "/api/v1/auth/login", { body: { email: [secret()] }, headers: asUser })).status).toBe(400);
  const strangers: Record<string, string>[] = [
    { cookie: `latchkey-flowise=${secret()}`, ...asUser },
    { authorization: secret() },
  ];
  for (const headers of strangers) expect((await send("GET", BASE, { token: undefined, headers })).status).toBe(401);
  const callback = `/api/v1/oauth2-credential/callback?code=${inUrl()}&state=${inUrl()}&error_description=${inUrl()}`;
  expect((await send("GET", callback, { token: undefined })).status).toBe(404);
});

test("nothing of it is in the database, its audit log, or what the process said", async () => {
  const owner = new pg.Client({ connectionString: database.ownerUrl });
  await owner.connect();
  for (const table of ["credential", "credential_change", "audit_event", "idempotency_key", "authorization_flow"]) {
    const { rows } = await owner.query(`SELECT t::text AS row FROM ${table} t`);
    expect(marks.foundIn(rows.map(({ row }) => row).join("\n")), table).toEqual([]);
    if (table !== "authorization_flow") expect(rows, table).not.toEqual([]);
  }
  await owner.end();
  expect(marks.foundIn(output.join(""))).toEqual([]);
});
