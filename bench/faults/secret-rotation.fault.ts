import { randomUUID } from "node:crypto";
import { chownSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Postgres, startPostgres } from "../../test/servers/postgres";
import { type Sshd, startSshd } from "../../test/servers/sshd";
import { query, type Subject, send, subject } from "./client";

/** The product is killed while it rotates a secret at a real server, at points spread over the whole of a rotation's course. */
let one: Subject;
let postgres: Postgres;
let sshd: Sshd;
beforeAll(async () => {
  [postgres, sshd] = await Promise.all([startPostgres(), startSshd(["AuthorizedKeysFile %h/.ssh/authorized_keys"])]);
  one = await subject({ OUTBOUND_ALLOW: `localhost:${postgres.port},127.0.0.1/32:${sshd.port}` });
});
afterAll(async () => {
  await one?.product.stop();
  await Promise.all([postgres?.stop(), sshd?.stop()]);
});

const KILLS = 12;
const create = async (body: object): Promise<string> => {
  const made = await send(one.product.url, one.user, "POST", "", body);
  expect(made.status).toBe(201);
  return made.body.id;
};
const rotate = (id: string) => send(one.product.url, one.user, "POST", `/${id}/rotate`);
const stored = async (id: string) => (await send(one.product.url, one.program, "GET", `/${id}/credentials`)).body;

/** Waits until nothing is open; answers how it ended, or "none" when the kill was faster than its first row. */
async function settled(id: string): Promise<string> {
  const state = async () => {
    const { status, body } = await send(one.product.url, one.user, "GET", `/${id}/rotate`);
    return status === 404 ? "none" : body?.ended_at ? body.state : undefined;
  };
  await expect.poll(state, { timeout: 90_000, interval: 250 }).toBeDefined();
  return state();
}

/** Kills at the twelfth parts of the time that an undisturbed rotation takes; `works` is asked after each. */
async function sweep(id: string, works: () => Promise<boolean>): Promise<Record<string, number>> {
  const began = performance.now();
  expect((await rotate(id)).body.state).toBe("done");
  const course = performance.now() - began;
  const ends: Record<string, number> = {};
  for (let kill = 1; kill <= KILLS; kill++) {
    const running = rotate(id);
    await pause((course * kill) / KILLS);
    await one.product.kill();
    await running;
    await one.product.start();
    const end = await settled(id);
    ends[end] = (ends[end] ?? 0) + 1;
    expect(await works(), `after kill ${kill}: ${end}`).toBe(true);
  }
  // What was acknowledged, and what was finished by the next start, is one version each.
  const [row] = await query<{ version: number; rotated: number; open: number }>(
    one.product,
    `SELECT c.version, (SELECT count(*)::int FROM audit_event e WHERE e.target_id = c.id::text
        AND e.action = 'credential.rotated' AND e.outcome = 'done') AS rotated,
       (SELECT count(*)::int FROM credential_rotation r WHERE r.credential_id = c.id AND (r.ended_at IS NULL OR r.sealed IS NOT NULL)) AS open
       FROM credential c WHERE c.id = $1`,
    [id],
  );
  expect([row?.version, row?.open]).toEqual([(row?.rotated ?? 0) + 1, 0]);
  return ends;
}

test("A rotation at its server: twelve times killed in mid-rotation of a PostgreSQL password, the stored password is always the server's", async () => {
  const username = `r_${randomUUID().replaceAll("-", "")}`;
  await postgres.query(`CREATE ROLE ${username} LOGIN PASSWORD 'the first'`);
  const place = { host: "localhost", port: postgres.port, database: "app", username };
  const credentials = { ...place, password: "the first" };
  const id = await create({ provider: "postgresql", credential_type: "user_password", credentials });
  const ends = await sweep(id, async () => {
    const { password } = await stored(id);
    const client = new pg.Client({ host: "localhost", port: postgres.port, database: "app", user: username, password });
    return client.connect().then(
      () => client.end().then(() => true),
      () => false,
    );
  });
  console.log(`password rotation: ${KILLS} kills; ended ${JSON.stringify(ends)}; every stored password signs in`);
});

test("A rotation at its server: twelve times killed in mid-rotation of an SFTP key, the stored key signs in and no other key of ours stays", async () => {
  const private_key = sshd.newKey("-t", "ed25519");
  const folder = join(sshd.home, ".ssh");
  const file = join(folder, "authorized_keys");
  mkdirSync(folder, { mode: 0o700 });
  // The public half stands in the private key's own file, before the locked part.
  writeFileSync(file, `# kept\n${publicHalf(private_key)}\n`);
  const { uid, gid } = statSync(sshd.home);
  for (const path of [folder, file]) chownSync(path, uid, gid);
  const place = { host: "127.0.0.1", port: sshd.port, username: sshd.username, test_path: sshd.home };
  const id = await create({ provider: "sftp", credential_type: "key_file", credentials: { ...place, private_key } });
  const ends = await sweep(id, async () => (await send(one.product.url, one.user, "POST", `/${id}/test`)).body.success);
  const lines = readFileSync(file, "utf8").split("\n");
  expect([lines[0], lines.filter((line) => line.startsWith("ssh-")).length]).toEqual(["# kept", 1]);
  console.log(`key rotation: ${KILLS} kills; ended ${JSON.stringify(ends)}; every stored key signs in`);
});

/** From an OpenSSH key: magic, cipher, derivation, its options, the number of keys, then the public one. */
function publicHalf(privateKey: string): string {
  const bytes = Buffer.from(privateKey.replaceAll(/-----[^-]+-----|\s/g, ""), "base64");
  let at = "openssh-key-v1\0".length;
  const next = () => {
    const length = bytes.readUInt32BE(at);
    at += 4 + length;
    return bytes.subarray(at - length, at);
  };
  for (const _ of ["cipher", "derivation", "options"]) next();
  at += 4;
  return `ssh-ed25519 ${next().toString("base64")}`;
}

test("after all of it, every row opens and the chain verifies", async () => {
  const verdict = await one.product.command(["audit", "verify", "--json"]);
  expect(JSON.parse(verdict.stdout).filter((verdict: { problem: string | null }) => verdict.problem)).toEqual([]);
  const rows = await query<{ id: string }>(one.product, "SELECT id FROM credential");
  for (const { id } of rows) expect(await stored(id)).toHaveProperty("host");
});
