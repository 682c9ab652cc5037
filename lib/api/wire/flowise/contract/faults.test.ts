import { randomUUID } from "node:crypto";
import pg from "pg";
import { beforeAll, describe, expect, test } from "vitest";
import { credentialUsage, fetchSecret, listCredentials } from "@/lib/credentials";
import { listAuditEvents } from "@/lib/platform/audit/history";
import { type Api, startApi } from "@/test/api";
import { type Tenant, tenant } from "@/test/tenant";
import { BLANK } from "../masks";

/** What is known to go wrong in the system whose contract this is, each shown not to happen here. */
let api: Api;
let mine: Tenant;
let key: string;
beforeAll(async () => {
  [api, mine] = [await startApi(), await tenant()];
  key = await mine.token(mine.user);
});

const BASE = "/api/v1/credentials";
const send = (method: string, path: string, body?: unknown, token = key, headers = {}) =>
  api.send(method, BASE + path, { token, body, headers });
const kind = (credentialName: string, plainDataObj: object, more: object = {}) => ({
  name: `n ${randomUUID()}`,
  credentialName,
  plainDataObj,
  ...more,
});
async function made(body: object, token = key): Promise<string> {
  const answer = await send("POST", "", body, token);
  if (answer.status !== 200) throw new Error(answer.text);
  return answer.body.id;
}
const stored = async (id: string, who = mine.program) => (await fetchSecret(who, id)).data;

/** What somebody with the database in hand does to a row. */
async function tamper(sql: string, values: unknown[]): Promise<void> {
  const owner = new pg.Client({ connectionString: process.env.TEST_OWNER_DATABASE_URL });
  await owner.connect();
  await owner.query("SELECT set_config('app.org_id', $1, false)", [mine.orgId]);
  await owner.query(sql, values);
  await owner.end();
}

describe("not here", () => {
  test("1: a POST with somebody else's id overwrites nothing, in this organisation or another", async () => {
    const stranger = await tenant();
    const theirKey = await stranger.token(stranger.user);
    for (const id of [randomUUID(), `own-${randomUUID()}`]) {
      await made(kind("openAIApi", { openAIApiKey: "theirs" }, { id }), theirKey);
      expect(await made(kind("openAIApi", { openAIApiKey: "mine" }, { id }))).toBe(id);
      expect((await send("POST", "", kind("openAIApi", { openAIApiKey: "x" }, { id }))).status).toBe(409);
      const theirs = (await listCredentials(stranger.admin)).items.find((one) => [one.id, one.externalId].includes(id));
      expect(await stored(theirs?.id ?? "", stranger.program)).toEqual({ openAIApiKey: "theirs" });
    }
  });

  test("2: another kind by PUT discloses nothing: it is refused", async () => {
    const id = await made(kind("httpApiKey", { key: "k", value: "MARKER-value" }));
    expect((await send("PUT", `/${id}`, { credentialName: "openAIApi" })).status).toBe(400);
    expect((await send("GET", `/${id}`)).text).not.toContain("MARKER-value");
  });

  test("3: a field that no schema knows is not returned in clear", async () => {
    const id = await made(kind("openAIApi", { openAIApiKey: "k", access_token: "MARKER-token" }));
    expect((await send("GET", `/${id}`)).body.plainDataObj).toEqual({ openAIApiKey: BLANK, access_token: BLANK });
  });

  test("4: the mask is never stored as a value, neither by POST nor by PUT", async () => {
    const id = await made(kind("openAIApi", { openAIApiKey: "real" }));
    await send("PUT", `/${id}`, { plainDataObj: { openAIApiKey: BLANK } });
    expect(await stored(id)).toEqual({ openAIApiKey: "real" });
    expect(await stored(await made(kind("openAIApi", { openAIApiKey: BLANK })))).toEqual({});
  });

  test("5 and 6: data that do not open are an error, not an empty credential; a part replaces nothing, the whole all of it", async () => {
    const id = await made(kind("PostgresApi", { user: "ana", password: "real" }));
    await tamper("UPDATE credential SET sealed = overlay(sealed placing '\\x00' from length(sealed)) WHERE id = $1", [
      id,
    ]);
    await expect(fetchSecret(mine.program, id)).rejects.toMatchObject({ code: "damaged" });
    expect((await send("PUT", `/${id}`, { plainDataObj: { password: "second" } })).status).toBe(409);
    // What is not sealed may change: nothing of the data is touched by it.
    expect((await send("PUT", `/${id}`, { name: `renamed ${id}` })).status).toBe(200);
    await expect(fetchSecret(mine.program, id)).rejects.toMatchObject({ code: "damaged" });
    expect((await send("PUT", `/${id}`, { plainDataObj: { user: "ana", password: "second" } })).status).toBe(200);
    expect(await stored(id)).toEqual({ user: "ana", password: "second" });
  });

  test("7: a secret that is not set does not look set", async () => {
    const id = await made(kind("redisCacheApi", { redisCacheHost: "a.example.com", redisCachePwd: "" }));
    expect((await send("GET", `/${id}`)).body.plainDataObj).not.toHaveProperty("redisCachePwd");
  });

  test("8: no answer holds a word of the database, and what is not there is 404", async () => {
    const answers = [
      await send("POST", "", {}),
      await send("PUT", `/${await made(kind("openAIApi", {}))}`, { name: null }),
      await send("GET", "/nope"),
      await send("GET", "/%00"),
      await send("GET", "?credentialName[x]=a"),
    ];
    for (const { status, text } of answers) {
      expect(status).toBeLessThan(500);
      expect(text).not.toMatch(/constraint|SQLITE|postgres|column|relation|prisma/i);
    }
  });

  test("11: of two changes made from the same state one is told that it came late; without a state nothing is lost", async () => {
    const id = await made(kind("httpBasicAuth", { basicAuthUsername: "u", basicAuthPassword: "p" }));
    const etag = (await send("GET", `/${id}`)).headers.get("etag") ?? "";
    const change = (name: string) => send("PUT", `/${id}`, { name: `${name} ${id}` }, key, { "if-match": etag });
    expect((await Promise.all([change("a"), change("b")])).map(({ status }) => status).sort()).toEqual([200, 412]);
    const fields = Array.from({ length: 6 }, (_, at) => `field${at}`);
    const written = fields.map((field) => send("PUT", `/${id}`, { plainDataObj: { [field]: "set" } }));
    expect((await Promise.all(written)).every(({ status }) => status === 200)).toBe(true);
    expect(Object.keys(await stored(id))).toEqual(expect.arrayContaining(fields));
  });

  test("12: changes leave a trail, and who used a credential is known before it is deleted", async () => {
    const id = await made(kind("openAIApi", { openAIApiKey: "k" }));
    await send("PUT", `/${id}`, { name: `renamed ${id}` });
    await stored(id);
    expect(await credentialUsage(mine.admin, id)).toMatchObject([{ serviceAccountId: mine.program.id, fetches: 1 }]);
    await send("DELETE", `/${id}`);
    const { events } = await listAuditEvents(mine.admin, { targetId: id });
    expect(events.map(({ action }) => action).reverse()).toEqual([
      "credential.created",
      "credential.updated",
      "secret.fetched",
      "credential.deleted",
    ]);
  });
});
