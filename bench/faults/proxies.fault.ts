import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { Agent, setGlobalDispatcher } from "undici";
import { afterAll, beforeAll, expect, test } from "vitest";
import { makeAuthority } from "../../test/servers/certificates";
import { freePort } from "../../test/servers/peer";
import type { Product } from "../product.mjs";
import { create, replacement, type Subject, secondInstance, send, subject } from "./client";

/**
 * The examples of deploy/proxies as they stand, but for names, addresses and ports: TLS, two instances, and load through them while
 * the instances are restarted one after the other, and one is killed.
 */
let folder: string;
let one: Subject;
let other: Product;
let second: Awaited<ReturnType<typeof secondInstance>>;
let certificate: { certificate: string; key: string };

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "latchkey-proxies-"));
  const authority = makeAuthority(folder);
  certificate = authority.issue("proxy");
  setGlobalDispatcher(new Agent({ connect: { ca: authority.certificate } }));
  const settings = { TRUSTED_PROXIES: "127.0.0.1", DRAIN_SECONDS: "3" };
  one = await subject(settings);
  second = await secondInstance(one, settings);
  other = second.other;
});
afterAll(async () => {
  await second.stop();
  rmSync(folder, { recursive: true, force: true });
});

const PROXIES = {
  nginx: { program: "/usr/sbin/nginx", example: "nginx.conf", run: nginx },
  haproxy: { program: "/usr/sbin/haproxy", example: "haproxy.cfg", run: haproxy },
  caddy: { program: "/usr/bin/caddy", example: "Caddyfile", run: caddy },
};

test.each(Object.keys(PROXIES) as (keyof typeof PROXIES)[])(
  "behind %s, no read fails and no change is lost while the instances are restarted and one is killed",
  async (name) => {
    const { program, example, run } = PROXIES[name];
    if (!existsSync(program)) throw new Error(`${program} is missing: install Debian's ${name}`);
    const port = await freePort();
    const proxy = run(exampleFor(example, port));
    const url = `https://localhost:${port}`;
    try {
      await untilServed(url);
      const ids = await Promise.all(Array.from({ length: 4 }, () => create(one)));
      const load = loadThrough(url, ids);
      // The database is the first one's, so that is never killed here; ended in order, it leaves the database to the other.
      await load.done(20);
      await restarted(other, () => other.terminate());
      await load.done(20);
      await restarted(other, () => other.kill());
      await load.done(20);
      const seen = await load.stop();
      const unknown = seen.writes.flatMap(([, written]) => written.unknown).length;
      console.log(
        `${name}: ${seen.reads} reads, ${seen.failedReads.length} failed; ${seen.changes} changes, ${unknown} unknown at the end`,
      );
      expect(seen.failedReads).toEqual([]);
      expect(seen.reads).toBeGreaterThan(100);
      for (const [id, { acknowledged, unknown }] of seen.writes) {
        const { body } = await send(one.product.url, one.program, "GET", `/${id}/credentials`);
        // What was answered is stored; what was not may be.
        expect([acknowledged, ...unknown]).toContain(body.password);
      }
    } finally {
      const ended = new Promise((resolve) => proxy.once("close", resolve));
      proxy.kill("SIGTERM");
      await ended;
    }
  },
);

async function restarted(product: Product, end: () => Promise<unknown>): Promise<void> {
  await end();
  await product.start();
}

interface Written {
  /** The last value whose change was answered with 200. */
  acknowledged: string;
  /** Values sent after it whose outcome nobody knows. */
  unknown: string[];
}

function loadThrough(url: string, ids: string[]) {
  let running = true;
  let reads = 0;
  let changes = 0;
  const failedReads: number[] = [];
  const writes = new Map<string, Written>(ids.map((id) => [id, { acknowledged: "", unknown: [] }]));
  const reader = async () => {
    for (let at = 0; running; at++) {
      const id = ids[at % ids.length];
      const { status } = await send(url, one.program, "GET", at % 2 === 0 ? `/${id}` : `/${id}/credentials`);
      reads += 1;
      if (status !== 200) failedReads.push(status);
    }
  };
  const writer = async (id: string) => {
    const written = writes.get(id) as Written;
    for (let at = 0; running; at++) {
      const value = `${id.slice(-6)}-${at}`;
      const { status } = await send(url, one.user, "PATCH", `/${id}`, replacement(value));
      if (status === 200) {
        changes += 1;
        Object.assign(written, { acknowledged: value, unknown: [] });
      } else written.unknown.push(value);
      await pause(20);
    }
  };
  const all = [...Array.from({ length: 6 }, reader), ...ids.map(writer)];
  return {
    /** So many more reads of each reader. */
    async done(more: number) {
      const until = reads + more * 6;
      while (reads < until) await pause(50);
    },
    async stop() {
      running = false;
      await Promise.all(all);
      return { reads, changes, failedReads, writes: [...writes] };
    },
  };
}

/** The example as it stands, with this machine's names. */
function exampleFor(example: string, port: number): string {
  const [first, second] = [one.product.url, other.url].map((url) => new URL(url).port);
  return readFileSync(`deploy/proxies/${example}`, "utf8")
    .replaceAll("10.0.0.11:3000", `127.0.0.1:${first}`)
    .replaceAll("10.0.0.12:3000", `127.0.0.1:${second}`)
    .replace("listen 443", `listen 127.0.0.1:${port}`)
    .replace("bind :443", `bind 127.0.0.1:${port}`)
    .replace("/etc/ssl/private/vault.example.com.key", certificate.key)
    .replace("/etc/ssl/vault.example.com.crt", certificate.certificate)
    .replace("/etc/haproxy/vault.example.com.pem", bundle())
    .replace("server_name vault.example.com", "server_name localhost")
    .replace(
      /^vault\.example\.com \{/m,
      `{\n\tadmin off\n\tauto_https disable_redirects\n\tskip_install_trust\n}\nhttps://localhost:${port} {\n\ttls ${certificate.certificate} ${certificate.key}`,
    );
}

function bundle(): string {
  const path = join(folder, "bundle.pem");
  writeFileSync(path, readFileSync(certificate.certificate, "utf8") + readFileSync(certificate.key, "utf8"));
  return path;
}

function nginx(text: string): ChildProcess {
  writeFileSync(join(folder, "site.conf"), text);
  const main = join(folder, "nginx.conf");
  const places = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map((of) => `${of}_temp_path ${folder}/${of};`);
  writeFileSync(
    main,
    `worker_processes 1; daemon off; pid ${folder}/nginx.pid; error_log ${folder}/nginx.log;\nevents {}\n` +
      `http { access_log off; ${places.join(" ")} include ${join(folder, "site.conf")}; }\n`,
  );
  execFileSync("/usr/sbin/nginx", ["-t", "-c", main], { stdio: "pipe" });
  return spawn("/usr/sbin/nginx", ["-c", main], { stdio: "ignore" });
}

function haproxy(text: string): ChildProcess {
  const path = join(folder, "haproxy.cfg");
  writeFileSync(path, text);
  execFileSync("/usr/sbin/haproxy", ["-c", "-f", path], { stdio: "pipe" });
  return spawn("/usr/sbin/haproxy", ["-db", "-f", path], { stdio: "ignore" });
}

function caddy(text: string): ChildProcess {
  const path = join(folder, "Caddyfile");
  writeFileSync(path, text);
  const env = { ...process.env, HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder };
  return spawn("/usr/bin/caddy", ["run", "--config", path, "--adapter", "caddyfile"], { env, stdio: "ignore" });
}

async function untilServed(url: string): Promise<void> {
  for (const deadline = Date.now() + 30_000; Date.now() < deadline; await pause(100)) {
    const answer = await fetch(`${url}/api/health`).catch(() => undefined);
    if (answer?.ok) return;
  }
  throw new Error("the proxy did not serve in time");
}
