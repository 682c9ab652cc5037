import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { inSight, wholeOf } from "@/lib/platform/db";
import { type Api, startApi } from "@/test/api";
import { buildWorker } from "@/test/providers/worker";
import { type Peer, startPeer } from "@/test/servers/peer";
import { type Sshd, startSshd } from "@/test/servers/sshd";
import { type Tenant, tenant } from "@/test/tenant";

let api: Api;
let own: Tenant;
let user: string;
let sshd: Sshd;
/** Notes who comes, and says nothing. */
let peer: Peer;
let worker: Awaited<ReturnType<typeof buildWorker>>;
beforeAll(async () => {
  [sshd, peer, worker] = await Promise.all([startSshd(), startPeer((socket) => socket.end()), buildWorker()]);
  process.env.OUTBOUND_ALLOW = `127.0.0.1/32:${sshd.port},127.0.0.1/32:${peer.port}`;
  api = await startApi();
  own = await tenant();
  user = await own.token(own.user);
});
afterAll(async () => {
  worker?.forget();
  await Promise.all([sshd?.stop(), peer?.stop()]);
});

const BASE = "/api/integrations";
const post = (path: string, body?: unknown, token = user) => api.send("POST", `${BASE}${path}`, { token, body });
const PLACEHOLDER = "[YOUR-PASSWORD]";
const place = () => ({ host: "127.0.0.1", port: peer.port, username: "anna" });
const sftp = (credentials: object, more: object = {}) => ({
  provider: "sftp",
  credential_type: "user_password",
  credentials,
  ...more,
});

describe("a test of what cannot well be the value", () => {
  test("ends in its first step, marks the field, and nothing is sent; asked for as entered, it is tried", async () => {
    const before = peer.connections();
    const answers = [
      await post("/credentials/test", sftp({ ...place(), password: PLACEHOLDER })),
      await post("/sftp/test-connection", { ...place(), auth_type: "password", password: "${SFTP_PASSWORD}" }),
    ];
    for (const { status, body } of answers) {
      expect([status, body]).toMatchObject([200, { success: false, outcome: "failed", reason: "placeholder" }]);
      expect(body.steps).toMatchObject([{ step: "values", status: "failed", code: "placeholder", field: "password" }]);
    }
    expect(peer.connections()).toBe(before);
    const insisted = await post("/credentials/test?as_entered=true", sftp({ ...place(), password: PLACEHOLDER }));
    expect(insisted.body.steps[0]).toMatchObject({ step: "values", status: "warning", code: "placeholder" });
    expect([insisted.body.reason, peer.connections()]).toEqual(["connection_lost", before + 1]);
  });

  test("says why also where the answer has no place for it", async () => {
    const before = peer.connections();
    const values = { ...place(), password: "<db_password>", database: "app" };
    for (const path of ["/postgres/test-connection", "/plugins/postgres/test-connection"]) {
      const stopped = await post(path, values);
      expect([stopped.body.success, stopped.headers.get("x-test-reason")]).toEqual([false, "placeholder"]);
    }
    expect(peer.connections()).toBe(before);
    const insisted = await post("/postgres/test-connection?as_entered=true", values);
    expect([insisted.headers.get("x-test-reason"), peer.connections()]).toEqual(["connection_lost", before + 1]);
  });

  test("takes no other parameter, and that one only as true or false", async () => {
    for (const query of ["as_entered=1", "as_entered=", "asEntered=true", "as_entered=true&as_entered=true"]) {
      const { status } = await post(`/credentials/test?${query}`, sftp({ ...place(), password: "p" }));
      expect([query, status]).toEqual([query, 400]);
    }
  });
});

test("what somebody may have chosen is told and tried, and told again where it is refused", async () => {
  const { host, port, username, home } = sshd;
  const values = { host, port, username, password: "changeme", test_path: home };
  const { body } = await post("/credentials/test", sftp(values));
  expect(body.steps[0]).toMatchObject({ step: "values", status: "warning", code: "placeholder", field: "password" });
  expect(body.steps.at(-2)).toMatchObject({ step: "sign_in", code: "wrong_credentials" });
  expect(body.steps.at(-2).advice).toMatch(/What is given here looks like a placeholder/);
});

describe("a save", () => {
  test("stores what looks like a placeholder, says so, and repeats nothing of it", async () => {
    const made = await post(
      "/credentials",
      sftp({ ...place(), password: PLACEHOLDER }, { name: "with a placeholder" }),
    );
    expect(made.status).toBe(201);
    expect(made.body.hints).toEqual([
      { field: "password", code: "placeholder", message: expect.stringContaining("Is a placeholder") },
    ]);
    expect(JSON.stringify(made.body)).not.toContain("YOUR-PASSWORD");
    const patch = (credentials: object) =>
      api.send("PATCH", `${BASE}/credentials/${made.body.id}`, {
        token: user,
        body: { credentials },
        headers: { "content-type": "application/merge-patch+json" },
      });
    expect((await patch({ password: "a password " })).body.hints).toMatchObject([{ code: "space_around" }]);
    const [good, renamed] = [await patch({ password: "a-password" }), await patch({ test_path: "/" })];
    expect([good.body.hints, renamed.body.hints]).toEqual([undefined, undefined]);
    expect((await api.send("GET", `${BASE}/credentials/${made.body.id}`, { token: user })).body.hints).toBeUndefined();
  });

  test("of it is tried as it is by a test of what is stored", async () => {
    const made = await post("/credentials", sftp({ ...place(), password: PLACEHOLDER }));
    const before = peer.connections();
    const { body } = await post(`/credentials/${made.body.id}/test`);
    expect([body.reason, peer.connections()]).toEqual(["connection_lost", before + 1]);
  });

  test("of it is no dead end where only tested values are saved", async () => {
    const strict = await tenant();
    await inSight(wholeOf(strict.orgId), (tx) =>
      tx.organization.update({ where: { id: strict.orgId }, data: { requireTestBeforeSave: true } }),
    );
    const token = await strict.token(strict.user);
    const key = sshd.newKey("-t", "ed25519");
    const { host, port, username, home } = sshd;
    // The server takes the key alone, so whatever stands in the password's place does no harm.
    const credentials = { host, port, username, test_path: home, private_key: key, password: "<password>" };
    const values = { provider: "sftp", credential_type: "key_file", credentials };
    const stopped = await post("/credentials/test", values, token);
    const refused = await post("/credentials", { ...values, test_receipt: stopped.body.test_receipt }, token);
    expect([stopped.body.reason, refused.status]).toEqual(["placeholder", 400]);
    const insisted = await post("/credentials/test?as_entered=true", values, token);
    const saved = await post("/credentials", { ...values, test_receipt: insisted.body.test_receipt }, token);
    expect([insisted.body.outcome, saved.status]).toEqual(["ok", 201]);
  });
});
