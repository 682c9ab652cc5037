import { randomUUID } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { type Api, startApi } from "@/test/api";
import { type Tenant, tenant } from "@/test/tenant";

let api: Api;
let own: Tenant;
let [admin, auditor, user, foreign] = ["", "", "", ""];
beforeAll(async () => {
  api = await startApi();
  own = await tenant();
  admin = await own.token(own.admin);
  auditor = await own.token(own.auditor);
  user = await own.token(own.user);
  const stranger = await tenant();
  foreign = await stranger.token(stranger.admin);
});

const PATH = "/api/audit-streams";
const SECRET = `whsec_${"MARKER0k".repeat(4)}`;
const settings = { kind: "webhook", url: "https://siem.example/in", signing_secret: SECRET };
const make = (more: object = {}) =>
  api.send("POST", PATH, { token: admin, body: { name: `SIEM ${randomUUID()}`, settings, force: true, ...more } });

describe("receivers of the audit log", () => {
  test("are added, listed, read, changed from a version, paused, resumed and deleted, and show no secret", async () => {
    const made = await make({ name: "SIEM", backlog_limit: 5_000 });
    expect(made.status, made.text).toBe(201);
    expect(made.headers.get("etag")).toMatch(/^"1\./);
    expect(made.body).toMatchObject({
      ...{ name: "SIEM", kind: "webhook", enabled: true, version: 1, backlog_limit: 5_000, full: false, lag_events: 1 },
      settings: { kind: "webhook", url: settings.url, secrets_set: ["signing_secret"] },
    });
    const one = `${PATH}/${made.body.id}`;
    const change = { token: admin, body: { refuse_fetches_when_full: true }, headers: { "if-match": '"1"' } };
    expect((await api.send("PATCH", one, change)).body).toMatchObject({ version: 2, refuse_fetches_when_full: true });
    expect((await api.send("PATCH", one, change)).status).toBe(412);
    const moved = { settings: { url: "https://other.example/in" }, force: true };
    expect((await api.send("PATCH", one, { token: admin, body: moved })).status).toBe(400);
    const path = { settings: { url: `${settings.url}/here` }, force: true };
    expect((await api.send("PATCH", one, { token: admin, body: path })).body.settings).toMatchObject(path.settings);
    expect((await api.send("POST", `${one}/pause`, { token: admin })).body).toMatchObject({ enabled: false });
    expect((await api.send("POST", `${one}/resume`, { token: admin })).body).toMatchObject({ enabled: true });
    const list = await api.send("GET", PATH, { token: auditor });
    expect(list.body.map(({ id }: { id: string }) => id)).toEqual([made.body.id]);
    for (const { text } of [made, list]) expect(text).not.toContain("MARKER");
    expect((await api.send("DELETE", one, { token: admin })).status).toBe(204);
    expect((await api.send("GET", one, { token: admin })).status).toBe(404);
  });

  test("are not stored while they do not take a test batch", async () => {
    const body = { name: "away", settings: { ...settings, url: "https://10.0.0.1/in" } };
    const answer = await api.send("POST", PATH, { token: admin, body });
    expect(answer.status, answer.text).toBe(500);
    const trial = await api.send("POST", `${PATH}/test`, { token: admin, body: { settings: body.settings } });
    expect(trial.body).toMatchObject({ outcome: "failed", message: expect.any(String) });
    expect((await api.send("GET", PATH, { token: admin })).body).toEqual([]);
  });

  test("are an administrator's business, and nobody else's organisation's", async () => {
    const { body } = await make();
    const one = `${PATH}/${body.id}`;
    for (const token of [user, auditor]) {
      expect((await api.send("POST", PATH, { token, body: { name: "x", settings } })).status).toBe(403);
      expect((await api.send("DELETE", one, { token })).status).toBe(403);
    }
    expect((await api.send("GET", PATH, { token: user })).status).toBe(403);
    for (const [method, path] of [
      ["GET", one],
      ["DELETE", one],
      ["POST", `${one}/test`],
      ["POST", `${one}/pause`],
    ] as const)
      expect((await api.send(method, path, { token: foreign })).status, method).toBe(404);
    for (const wrong of [{ name: "x" }, { name: "x", settings: { kind: "pigeon" } }, { name: "x", settings, more: 1 }])
      expect((await api.send("POST", PATH, { token: admin, body: wrong })).status).toBe(422);
    expect((await make({ backlog_limit: 5 })).status).toBe(400);
  });
});
