import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chownSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { answers } from "../../deploy/embedded-postgres.mjs";
import { freePort } from "../../test/servers/peer";
import { create, replacement, type Subject, send, subject } from "./client";

/**
 * Three PostgreSQLs under Patroni and etcd, HAProxy in front, by the files of deploy/ha but for names, addresses and ports. The primary is
 * killed again and again while changes are made: none that was acknowledged may be lost.
 */
const KILLS = Number(process.env.KILLS ?? 20);
const PROGRAMS = { etcd: "/usr/bin/etcd", patroni: "/usr/bin/patroni", haproxy: "/usr/sbin/haproxy" };
const NAMES = ["one", "two", "three"] as const;

interface Node {
  name: (typeof NAMES)[number];
  api: number;
  port: number;
  process: ChildProcess | undefined;
}

let folder: string;
const nodes: Node[] = [];
const others: ChildProcess[] = [];
let one: Subject;

/** PostgreSQL refuses to run as root. */
const who = process.getuid?.() === 0 ? { uid: idOf("-u"), gid: idOf("-g") } : {};
function idOf(flag: string): number {
  return Number(execFileSync("id", [flag, "postgres"], { encoding: "utf8" }));
}

beforeAll(async () => {
  for (const [name, path] of Object.entries(PROGRAMS))
    if (!existsSync(path))
      throw new Error(`${path} is missing: install Debian's ${name === "etcd" ? "etcd-server" : name}`);
  folder = mkdtempSync(join(tmpdir(), "latchkey-failover-"));
  if (who.uid !== undefined && who.gid !== undefined) chownSync(folder, who.uid, who.gid);
  const [clients, peers, database] = [await freePort(), await freePort(), await freePort()];
  const urls = (port: number) => `http://127.0.0.1:${port}`;
  others.push(
    run(PROGRAMS.etcd, [
      ...["--data-dir", join(folder, "etcd"), "--name", "etcd", "--log-level", "error"],
      ...["--listen-client-urls", urls(clients), "--advertise-client-urls", urls(clients)],
      ...["--listen-peer-urls", urls(peers), "--initial-advertise-peer-urls", urls(peers)],
      ...["--initial-cluster", `etcd=${urls(peers)}`],
    ]),
  );
  for (const name of NAMES) nodes.push({ name, api: await freePort(), port: await freePort(), process: undefined });
  const passwords = Object.fromEntries(
    ["POSTGRES", "REPLICATOR", "REWINDER"].map((role) => [role, randomBytes(12).toString("hex")]),
  );
  for (const node of nodes) writeFileSync(join(folder, `${node.name}.yml`), patroniFor(node, clients, passwords));
  for (const node of nodes) start(node);
  writeFileSync(join(folder, "haproxy.cfg"), haproxyFor(database));
  others.push(run(PROGRAMS.haproxy, ["-db", "-f", join(folder, "haproxy.cfg")]));
  const superuser = `postgresql://postgres:${passwords.POSTGRES}@127.0.0.1:${database}/postgres`;
  await until("a primary", () => answers(superuser));
  await until("a standby that confirms", async () => (await members()).some(({ role }) => role === "sync_standby"));
  one = await subject({ DATABASE_URL: superuser, LATCHKEY_KEY: randomBytes(32).toString("base64") });
});

afterAll(async () => {
  await one?.product.stop();
  for (const { process: patroni } of nodes) patroni?.kill("SIGTERM");
  await Promise.all(nodes.map(({ process: patroni }) => patroni && ended(patroni)));
  for (const other of others) other.kill("SIGTERM");
  rmSync(folder, { recursive: true, force: true });
});

test(`the primary is killed ${KILLS} times under load: no acknowledged change is lost, and the vault comes back by itself`, async () => {
  const ids = await Promise.all(Array.from({ length: 4 }, () => create(one)));
  let running = true;
  let changes = 0;
  const acknowledged = new Map<string, number>();
  const sent = new Map<string, number>();
  const writer = async (id: string) => {
    for (let at = 1; running; at++) {
      sent.set(id, at);
      const { status } = await send(one.product.url, one.user, "PATCH", `/${id}`, replacement(`value-${at}`));
      if (status === 200) {
        acknowledged.set(id, at);
        changes += 1;
      } else await pause(100);
    }
  };
  const writers = ids.map(writer);
  const recoveries: number[] = [];
  for (let kill = 0; kill < KILLS; kill++) {
    const before = changes;
    await until("changes before the kill", () => changes >= before + 20);
    const primary = await leader();
    await killed(primary);
    const began = performance.now();
    const then = changes;
    await until("a change after it", () => changes > then + ids.length);
    recoveries.push(Math.round((performance.now() - began) / 100) / 10);
    start(primary);
    await until("a standby that confirms", async () => {
      const all = await members();
      return all.length === NAMES.length && all.some(({ role }) => role === "sync_standby");
    });
  }
  running = false;
  await Promise.all(writers);
  const sorted = [...recoveries].sort((a, b) => a - b);
  const median = sorted[Math.floor(sorted.length / 2)];
  console.log(
    `failover: ${changes} changes, seconds to the next acknowledged one: ${recoveries.join(", ")}; median ${median}`,
  );
  for (const id of ids) {
    const { body } = await send(one.product.url, one.program, "GET", `/${id}/credentials`);
    const stored = Number(String(body.password).replace("value-", ""));
    expect(stored).toBeGreaterThanOrEqual(acknowledged.get(id) ?? 0);
    expect(stored).toBeLessThanOrEqual(sent.get(id) ?? 0);
  }
  const { stdout } = await one.product.command(["audit", "verify"]);
  expect(stdout).not.toContain("BAD");
});

/** As a power cut would: Patroni first, so that it does not see its PostgreSQL go. */
async function killed(node: Node): Promise<void> {
  const [line = ""] = readFileSync(join(folder, node.name, "postmaster.pid"), "utf8").split("\n");
  const gone = node.process && ended(node.process);
  node.process?.kill("SIGKILL");
  process.kill(Number(line), "SIGKILL");
  await gone;
}

function start(node: Node): void {
  node.process = run(PROGRAMS.patroni, [join(folder, `${node.name}.yml`)], who);
}

function run(path: string, args: string[], as: { uid?: number; gid?: number } = {}): ChildProcess {
  return spawn(path, args, { ...as, cwd: folder, env: { ...process.env, HOME: folder }, stdio: "ignore" });
}

const ended = (child: ChildProcess) =>
  new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) resolve(undefined);
    else child.once("exit", resolve);
  });

interface Member {
  name: string;
  role: string;
  state: string;
}

/** As Patroni sees them; whoever answers is asked. */
async function members(): Promise<Member[]> {
  for (const { api } of nodes) {
    const answer = await fetch(`http://127.0.0.1:${api}/cluster`, { signal: AbortSignal.timeout(2_000) }).catch(
      () => undefined,
    );
    if (!answer?.ok) continue;
    const { members: found } = (await answer.json()) as { members: Member[] };
    return found.filter(({ state }) => ["running", "streaming"].includes(state));
  }
  return [];
}

async function leader(): Promise<Node> {
  let found: Node | undefined;
  await until("a leader", async () => {
    const name = (await members()).find(({ role }) => role === "leader")?.name;
    found = nodes.find((node) => node.name === name);
    return found !== undefined;
  });
  return found as Node;
}

async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  for (const deadline = Date.now() + 240_000; Date.now() < deadline; await pause(100)) if (await holds()) return;
  throw new Error(`there is not ${what} in time`);
}

function patroniFor({ name, api, port }: Node, etcd: number, passwords: Record<string, string>): string {
  const data = join(folder, name);
  mkdirSync(data, { mode: 0o700 });
  if (who.uid !== undefined && who.gid !== undefined) chownSync(data, who.uid, who.gid);
  let text = readFileSync("deploy/ha/patroni.yml", "utf8")
    .replace("name: NAME", `name: ${name}`)
    .replace(/hosts: .*/, `hosts: 127.0.0.1:${etcd}`)
    .replaceAll("10.0.0.21:8008", `127.0.0.1:${api}`)
    .replaceAll("10.0.0.21:5432", `127.0.0.1:${port}`)
    .replaceAll("10.0.0.0/24", "127.0.0.1/32")
    .replace(/data_dir: .*/, `data_dir: ${data}`)
    .replace(
      /pgpass: .*/,
      `pgpass: ${join(folder, `${name}.pgpass`)}\n  parameters: { unix_socket_directories: ${folder}, fsync: "on" }`,
    );
  for (const [role, password] of Object.entries(passwords)) text = text.replace(`PASSWORD-OF-${role}`, password);
  return text;
}

function haproxyFor(port: number): string {
  let text = readFileSync("deploy/ha/haproxy-postgres.cfg", "utf8").replaceAll("127.0.0.1:5000", `127.0.0.1:${port}`);
  for (const [at, node] of nodes.entries())
    text = text.replace(`10.0.0.2${at + 1}:5432 check port 8008`, `127.0.0.1:${node.port} check port ${node.api}`);
  return text;
}
