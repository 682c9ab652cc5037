import { readdirSync, readFileSync, statSync } from "node:fs";
import { request } from "node:http";
import { createServer, type Server } from "node:net";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterEach, expect, test } from "vitest";
import { create, query, type Subject, send, subject, values, violations } from "./client";

let one: Subject | undefined;
afterEach(async () => {
  await one?.product.stop();
  one = undefined;
});

/** A server that accepts and never speaks. */
const silent = (): Promise<Server> =>
  new Promise((open) => {
    const server = createServer(() => undefined).listen(0, "127.0.0.1", () => open(server));
  });

/** A create whose body takes so long. */
function slowCreate({ product, user }: Subject, ms: number): Promise<number> {
  const body = JSON.stringify(values("slow"));
  return new Promise((resolve) => {
    const headers = {
      authorization: `Bearer ${user}`,
      "content-type": "application/json",
      "content-length": body.length,
    };
    const sending = request(`${product.url}/api/integrations/credentials`, { method: "POST", headers }, (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    });
    sending.on("error", () => resolve(0));
    sending.write(body.slice(0, 20));
    setTimeout(() => sending.end(body.slice(20)), ms);
  });
}

test("F14: told to stop, it finishes what is in flight or ends it, leaves with 0, frees its leases and anchors the chain", async () => {
  one = await subject({ OUTBOUND_ALLOW: "127.0.0.1:1-65535" });
  await create(one);
  const peer = await silent();
  const { port } = peer.address() as { port: number };
  const upload = slowCreate(one, 3_000);
  const testing = send(one.product.url, one.user, "POST", "/test", {
    provider: "sftp",
    credential_type: "user_password",
    credentials: { host: "127.0.0.1", port, username: "a", password: "b" },
  });
  await pause(500);
  const began = performance.now();
  const code = await one.product.terminate();
  const took = Math.round(performance.now() - began);
  console.log(`F14: ended with ${code} after ${took} ms; upload ${await upload}, test ${(await testing).status}`);
  expect(code).toBe(0);
  expect([201, 0, 503]).toContain(await upload);
  expect(readFileSync(join(one.product.folder, "audit-anchors.jsonl"), "utf8")).not.toBe("");
  peer.close();
  await one.product.start();
  const held = await query(one.product, "SELECT 1 FROM idempotency_key WHERE status IS NULL AND locked_until > now()");
  expect(held).toEqual([]);
  expect(await violations(one, new Map())).toEqual([]);
});

test("F16: ten first starts killed at any moment, and the next one serves", async () => {
  one = await subject();
  await one.product.terminate();
  for (let round = 0; round < 10; round++) {
    // As if it had never been started: the database is made and migrated again.
    const starting = one.product.start({ LATCHKEY_DATA: join(one.product.folder, `fresh-${Math.floor(round / 5)}`) });
    await pause(300 + round * 400);
    await one.product.kill();
    await starting.catch(() => undefined);
  }
  await one.product.start({ LATCHKEY_DATA: join(one.product.folder, "fresh-0") });
  expect((await fetch(`${one.product.url}/api/health`)).status).toBe(200);
  await one.product.terminate();
  const { stopPostgres } = await import("../../deploy/embedded-postgres.mjs");
  for (const name of ["fresh-0", "fresh-1"]) await stopPostgres(join(one.product.folder, name));
});

test("F18: no crash leaves a file with secrets behind", async () => {
  one = await subject();
  const id = await create(one, "canary-in-memory");
  await send(one.product.url, one.program, "GET", `/${id}/credentials`);
  const since = Date.now() - 1_000;
  const roots = [process.cwd(), one.product.folder];
  for (const signal of ["SIGABRT", "SIGUSR2", "SIGSEGV"] as const) {
    const child = one.product.pid;
    if (child) process.kill(child, signal);
    await pause(1_500);
    await one.product.kill().catch(() => undefined);
    await one.product.start();
  }
  const left = roots.flatMap((root) =>
    readdirSync(root)
      .filter((name) => /^(core|report\.|Heap\.|.*\.heapsnapshot)/.test(name))
      .filter((name) => statSync(join(root, name)).mtimeMs > since),
  );
  expect(left).toEqual([]);
});

test("F17: two hundred slow senders and twice the load it can do are refused or served, never hung, and the memory comes back", async () => {
  one = await subject();
  const { product, user, program } = one;
  const id = await create(one);
  const memory = () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${product.pid}/status`, "utf8"))?.[1]) / 1024;
  const before = memory();
  const slow = Array.from({ length: 200 }, () => slowCreate(one as Subject, 20_000));
  let going = true;
  const answers: number[] = [];
  const health: number[] = [];
  const load = Array.from({ length: 64 }, async () => {
    while (going) answers.push((await send(product.url, program, "GET", `/${id}/credentials`)).status);
  });
  const watch = (async () => {
    while (going) {
      const began = performance.now();
      const { status } = await fetch(`${product.url}/api/health`).catch(() => ({ status: 0 }));
      if (status !== 0) health.push(performance.now() - began);
      await pause(200);
    }
  })();
  await pause(20_000);
  going = false;
  await Promise.all([...load, watch]);
  const ended = await Promise.all(slow);
  await pause(15_000);
  health.sort((a, b) => a - b);
  const other = answers.filter((status) => ![200, 429, 503].includes(status)).length;
  console.log(
    `F17: ${answers.length} answers, ${other} neither served nor refused; health p99 ${Math.round(health.at(Math.floor(health.length * 0.99) - 1) ?? 0)} ms; ` +
      `slow senders ${JSON.stringify(Object.fromEntries([...new Set(ended)].map((one) => [one, ended.filter((status) => status === one).length])))}; memory ${Math.round(before)} -> ${Math.round(memory())} MiB`,
  );
  expect(other).toBe(0);
  expect((await send(product.url, user, "GET", `/${id}`)).status).toBe(200);
});
