import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { testCredential } from "@/lib/credentials";
import { clock } from "@/lib/platform/clock";
import type { CredentialData, Method } from "@/lib/providers/define";
import { findMethod } from "@/lib/providers/index";
import { type Answer, type Api, startApi } from "@/test/api";
import { buildWorker } from "@/test/providers/worker";
import { makeAuthority } from "@/test/servers/certificates";
import { freePort, type Peer, startPeer } from "@/test/servers/peer";
import { type Sshd, startSshd } from "@/test/servers/sshd";
import { type Tenant, tenant } from "@/test/tenant";

const folder = mkdtempSync(join(tmpdir(), "latchkey-authority-"));
let api: Api;
let own: Tenant;
let user: string;
let program: string;
let sshd: Sshd;
let peer: Peer;
let closed: number;
let worker: Awaited<ReturnType<typeof buildWorker>>;
beforeAll(async () => {
  const listener = startPeer((socket) => socket.once("data", () => socket.write("N")));
  [sshd, worker, peer, closed] = await Promise.all([startSshd(), buildWorker(), listener, freePort()]);
  process.env.OUTBOUND_ALLOW = [sshd.port, peer.port, closed].map((port) => `127.0.0.1/32:${port}`).join(",");
  api = await startApi();
});
beforeEach(async () => {
  own = await tenant();
  [user, program] = [await own.token(own.user), await own.token(own.program)];
});
afterEach(() => vi.restoreAllMocks());
afterAll(async () => {
  worker?.forget();
  rmSync(folder, { recursive: true, force: true });
  await Promise.all([sshd?.stop(), peer?.stop()]);
});

const PATH = "/api/integrations/credentials";
const MERGE = { "content-type": "application/merge-patch+json" };
const values = (change: object = {}) => ({
  host: sshd.host,
  port: sshd.port,
  username: sshd.username,
  password: sshd.password,
  test_path: sshd.home,
  ...change,
});
const body = (credentials: object, more: object = {}) => ({
  provider: "sftp",
  credential_type: "user_password",
  credentials,
  ...more,
});
const save = (credentials: object, test_receipt?: string, token = user) =>
  api.send("POST", PATH, { token, body: body(credentials, { test_receipt }) });
const change = (id: string, more: object) =>
  api.send("PATCH", `${PATH}/${id}`, { token: user, body: more, headers: MERGE });
/** A test of these values, and what it handed out. */
const receiptOf = async (credentials: object, token = user): Promise<string> =>
  (await api.send("POST", `${PATH}/test`, { token, body: body(credentials) })).body.test_receipt;
const problemOf = ({ status, body }: Answer) => [
  status,
  body.error.details?.[0].loc.at(-1),
  body.error.details?.[0].type,
];

describe("a save with a receipt", () => {
  test("records that these values were tested, and how it went", async () => {
    const saved = await save(values(), await receiptOf(values()));
    expect([saved.status, saved.body.last_test]).toMatchObject([201, { outcome: "ok", reason: null, current: true }]);
    const failed = await save(values({ password: "not it" }), await receiptOf(values({ password: "not it" })));
    expect(failed.body.last_test).toMatchObject({ outcome: "failed", reason: "wrong_credentials", current: true });
    expect((await save(values())).body.last_test).toBeNull();
  });

  test("takes the receipt of every endpoint that hands one out", async () => {
    const { host, port, username, password, test_path } = values();
    const flat = { host, port: String(port), username, password, test_path, auth_type: "password" };
    const sftp = await api.send("POST", "/api/integrations/sftp/test-connection", { token: user, body: flat });
    expect((await save(values(), sftp.body.test_receipt)).body.last_test).toMatchObject({ outcome: "ok" });
    const database = { host, port: closed, username, password, database: "d" };
    const postgres = await api.send("POST", "/api/integrations/postgres/test-connection", {
      token: user,
      body: database,
    });
    const receipt = postgres.headers.get("x-test-receipt");
    const made = {
      provider: "postgresql",
      credential_type: "user_password",
      credentials: database,
      test_receipt: receipt,
    };
    const saved = await api.send("POST", PATH, { token: user, body: made });
    expect([saved.status, saved.body.last_test]).toMatchObject([201, { outcome: "unreachable", current: true }]);
  });

  test("remembers the host key that the test saw, so that another server gets nothing", async () => {
    const { id } = (await save(values(), await receiptOf(values()))).body;
    const fetched = await api.send("GET", `${PATH}/${id}/credentials`, { token: program });
    expect(fetched.body).toMatchObject({ host_key: sshd.hostKey });
    expect((await api.send("POST", `${PATH}/${id}/test`, { token: user })).body.success).toBe(true);
  });

  test("counts until the values change", async () => {
    const { id } = (await save(values(), await receiptOf(values()))).body;
    const renamed = await change(id, { name: `renamed ${id}` });
    expect(renamed.body.last_test).toMatchObject({ outcome: "ok", current: true });
    const changed = await change(id, { credentials: { password: "another" } });
    expect(changed.body.last_test).toMatchObject({ outcome: "ok", current: false });
    const [again, fresh] = [await receiptOf(values({ host_key: sshd.hostKey })), values({ host_key: sshd.hostKey })];
    const replaced = await api.send("PATCH", `${PATH}/${id}`, {
      token: user,
      body: body(fresh, { test_receipt: again }),
    });
    expect([replaced.status, replaced.body.last_test]).toMatchObject([200, { outcome: "ok", current: true }]);
  });
});

describe("a receipt is refused", () => {
  const REFUSED = [400, "test_receipt", "receipt"];

  test("with other values, whichever they are", async () => {
    const receipt = await receiptOf(values());
    for (const other of [
      { password: "another" },
      { host: "localhost" },
      { port: closed },
      { username: "bob" },
      { test_path: "/" },
    ]) {
      expect(problemOf(await save(values(other), receipt))).toEqual(REFUSED);
    }
    const made = {
      provider: "sftp",
      credential_type: "key_file",
      credentials: { ...values({ password: undefined }), private_key: sshd.newKey("-t", "ed25519") },
    };
    expect(problemOf(await api.send("POST", PATH, { token: user, body: { ...made, test_receipt: receipt } }))).toEqual(
      REFUSED,
    );
  });

  test("from anybody but the one who tested, in this organisation and in another", async () => {
    const receipt = await receiptOf(values());
    const stranger = await tenant();
    for (const token of [await own.token(own.other), await own.token(own.admin), await stranger.token(stranger.user)]) {
      expect(problemOf(await save(values(), receipt, token))).toEqual(REFUSED);
    }
    expect((await save(values(), receipt, await own.token(own.user))).status).toBe(201);
  });

  test("when it was tampered with, or is none", async () => {
    const receipt = await receiptOf(values({ password: "not it" }));
    const [head = "", claims = "", signature = ""] = receipt.split(".");
    const rewritten = Buffer.from(claims, "base64url").toString().replace('"failed"', '"ok"');
    const better = Buffer.from(rewritten).toString("base64url");
    const unsigned = Buffer.from('{"alg":"none"}').toString("base64url");
    expect(better).not.toBe(claims);
    for (const forged of [
      `${head}.${better}.${signature}`,
      `${unsigned}.${better}.`,
      `${head}.${claims}.`,
      "nonsense",
      user,
    ]) {
      expect(problemOf(await save(values({ password: "not it" }), forged))).toEqual(REFUSED);
    }
  });

  test("after ten minutes", async () => {
    const receipt = await receiptOf(values());
    const now = Date.now();
    vi.spyOn(clock, "now").mockImplementation(() => new Date(now + 9 * 60_000));
    expect((await save(values(), receipt)).status).toBe(201);
    vi.spyOn(clock, "now").mockImplementation(() => new Date(now + 11 * 60_000));
    expect(problemOf(await save(values(), receipt))).toEqual(REFUSED);
  });
});

describe("an organisation that saves tested values only", () => {
  const NEEDED = [400, "test_receipt", "test_required"];
  beforeEach(async () => {
    const path = `/api/admin/organizations/${own.orgId}`;
    const switchOn = async (token: string) =>
      (await api.send("PATCH", path, { token, body: { require_test_before_save: true } })).status;
    expect(await switchOn(user)).toBe(403);
    expect(await switchOn(await own.token(own.admin))).toBe(200);
  });

  test("refuses values without a receipt or with one of a failed test, and takes good ones", async () => {
    expect(problemOf(await save(values()))).toEqual(NEEDED);
    const wrong = values({ password: "not it" });
    expect(problemOf(await save(wrong, await receiptOf(wrong)))).toEqual(NEEDED);
    const lost = values({ port: closed });
    expect(problemOf(await save(lost, await receiptOf(lost)))).toEqual(NEEDED);
    expect((await save(values(), await receiptOf(values()))).status).toBe(201);
    const limited = values({ test_path: sshd.readOnly });
    expect((await save(limited, await receiptOf(limited))).body.last_test).toMatchObject({ outcome: "degraded" });
  });

  test("refuses changed values too, and leaves names and untestable kinds alone", async () => {
    const { id } = (await save(values(), await receiptOf(values()))).body;
    expect(problemOf(await change(id, { credentials: { test_path: "/" } }))).toEqual(NEEDED);
    expect(problemOf(await api.send("PATCH", `${PATH}/${id}`, { token: user, body: body(values()) }))).toEqual(NEEDED);
    expect((await change(id, { tags: ["x"] })).status).toBe(200);
    const edit = { id, change: { mode: "merge", values: { test_path: "/tmp" } } } as const;
    const { receipt } = await testCredential(own.user, edit);
    const merged = await change(id, { credentials: { test_path: "/tmp" }, test_receipt: receipt });
    expect([merged.status, merged.body.last_test]).toMatchObject([200, { outcome: "ok", current: true }]);
    const made = { provider: "jinaAIApi", credential_type: "api_key", credentials: { jinaAIAPIKey: "k" } };
    expect((await api.send("POST", PATH, { token: user, body: made })).status).toBe(201);
  });
});

describe("a stored secret is not sent where it was not stored for", () => {
  const store = async (provider: string, type: string, credentials: object): Promise<string> =>
    (await api.send("POST", PATH, { token: user, body: { provider, credential_type: type, credentials } })).body.id;
  /** No door takes this change without the secret, and whoever listens there hears nothing. */
  async function refused(id: string, edit: Record<string, unknown>, secrets: string[]) {
    const before = await api.send("GET", `${PATH}/${id}/credentials`, { token: program });
    const saved = await change(id, { credentials: edit });
    expect(
      [saved.status, saved.body.error.details.map(({ loc }: { loc: string[] }) => loc.at(-1)).sort()],
      JSON.stringify(edit),
    ).toEqual([400, secrets]);
    expect(saved.body.error.details[0].type).toBe("resend_secret");
    for (const actor of [own.user, own.admin, own.program]) {
      const tried = testCredential(actor, { id, change: { mode: "merge", values: edit } });
      await expect(tried).rejects.toMatchObject({
        code: "invalid",
        fields: secrets.map(() => ({ code: "resend_secret" })),
      });
    }
    expect((await api.send("GET", `${PATH}/${id}/credentials`, { token: program })).body).toEqual(before.body);
  }

  test.each(["sftp", "postgresql"])("by changing any field of %s that says where", async (provider) => {
    const method = findMethod(provider, "user_password") as Method;
    const stored: CredentialData = { ...method.example, password: "stored secret" };
    const id = await store(provider, "user_password", stored);
    const elsewhere: Record<string, unknown> = {
      host: "127.0.0.1",
      port: peer.port,
      username: "eve",
      database: "other",
    };
    Object.assign(elsewhere, { sslmode: "disable", ssl_ca: makeAuthority(folder).certificate });
    elsewhere.host_key = `ssh-ed25519 SHA256:${"A".repeat(43)}`;
    const destinations = Object.keys(method.fields).filter((name) => method.fields[name]?.destination);
    for (const name of destinations) await refused(id, { [name]: elsewhere[name] }, ["password"]);
    await refused(id, { host: "127.0.0.1", port: peer.port }, ["password"]);
    if (provider === "postgresql") {
      await refused(id, { user: "eve" }, ["password"]);
      await refused(id, { sslmode: null }, ["password"]);
    }
    expect(destinations).toEqual(expect.arrayContaining(["host", "port", "username"]));
    expect(peer.connections()).toBe(0);
  });

  test("by replacing a key's host, or by moving between a connection string and the fields", async () => {
    const key = {
      ...values({ password: undefined }),
      private_key: sshd.newKey("-t", "ed25519", "-N", "open"),
      passphrase: "open",
    };
    const keyed = await store("sftp", "key_file", key);
    await refused(keyed, { host: "127.0.0.1", port: peer.port }, ["passphrase", "private_key"]);
    const fields = { host: "db.example.com", database: "d", username: "u" };
    const stringed = await store("postgresql", "user_password", {
      connection_string: "postgresql://u:stored-secret@db.example.com/d",
    });
    expect((await change(stringed, { credentials: { ...fields, connection_string: null } })).status).toBe(400);
    const fielded = await store("postgresql", "user_password", { ...fields, password: "stored secret" });
    const string = `postgresql://u@127.0.0.1:${peer.port}/d?sslmode=disable`;
    await testCredential(own.user, { id: fielded, change: { mode: "merge", values: { connection_string: string } } });
    expect(peer.received()).toContain("user\0u\0database\0d");
    expect(peer.received()).not.toMatch(/stored.secret/);
  });

  test("by another type, by a replacement without the secret, or by whom it does not belong to", async () => {
    const id = await store("sftp", "user_password", values({ password: "stored secret" }));
    const moved = values({ host: "127.0.0.1", port: peer.port, password: undefined });
    expect((await api.send("PATCH", `${PATH}/${id}`, { token: user, body: body(moved) })).status).toBe(400);
    expect((await change(id, { credential_type: "key_file", credentials: {} })).status).toBe(400);
    await expect(testCredential(own.other, { id })).rejects.toMatchObject({ code: "not_found" });
    const stranger = await tenant();
    await expect(testCredential(stranger.admin, { id })).rejects.toMatchObject({ code: "not_found" });
    await expect(testCredential(own.auditor, { id })).rejects.toMatchObject({ code: "forbidden" });
    expect(peer.received()).not.toMatch(/stored.secret/);
    // With the secret sent again it goes: whoever knows it may send it anywhere.
    const again = await change(id, { credentials: { port: closed, password: `again ${randomUUID()}` } });
    expect(again.status).toBe(200);
  });
});
