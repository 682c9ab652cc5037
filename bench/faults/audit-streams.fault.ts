import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { Webhook } from "standardwebhooks";
import { afterAll, beforeAll, expect, test } from "vitest";
import { create, query, replacement, type Subject, send, subject } from "./client";

/**
 * The audit log on its way to a receiver, while its sender is killed and the receiver is away, says no, or takes a batch and hangs up
 * before it has said so: no event may be missing at the end, and whoever holds the receiver's files and the public key can tell.
 */
const KILLS = Number(process.env.KILLS ?? 10);
const SECRET = `whsec_${Buffer.alloc(32, 9).toString("base64")}`;
/** What the receiver does with a batch. */
const MOODS = ["takes", "takes", "refuses", "cuts", "keeps and cuts"] as const;

let one: Subject;
const folder = mkdtempSync(join(tmpdir(), "latchkey-received-"));
const kept: string[] = [];
let moody = true;

const receiver = createServer(async (request, response) => {
  let body = "";
  try {
    for await (const piece of request) body += String(piece);
  } catch {
    return;
  }
  new Webhook(SECRET).verify(body, request.headers as Record<string, string>);
  const mood = moody ? MOODS[Math.floor(Math.random() * MOODS.length)] : "takes";
  if (mood === "takes" || mood === "keeps and cuts") kept.push(body);
  if (mood === "takes") response.writeHead(200).end();
  else if (mood === "refuses") response.writeHead(503).end();
  else request.socket.destroy();
});

beforeAll(async () => {
  await new Promise<void>((resolve) => receiver.listen(0, "127.0.0.1", resolve));
  one = await subject({ OUTBOUND_ALLOW: "127.0.0.1/32:1-65535" });
});
afterAll(async () => {
  receiver.close().closeAllConnections();
  rmSync(folder, { recursive: true, force: true });
  await one.product.stop();
});

test(`killed ${KILLS} times on the way to a receiver that fails as often as not, no event of the audit log is missing there`, async () => {
  const settings = join(folder, "siem.json");
  const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/in`;
  writeFileSync(settings, JSON.stringify({ kind: "webhook", url, signing_secret: SECRET }));
  const given = ["--name", "SIEM", "--settings", settings, "--from", "beginning", "--force"];
  await one.product.command(["audit", "stream", "add", ...given]);
  const id = await create(one);
  let changes = 0;
  let going = true;
  const writing = (async () => {
    for (let round = 0; going; round++) {
      const { status } = await send(one.product.url, one.user, "PATCH", `/${id}`, replacement(String(round)));
      if (status === 200) changes++;
      else await pause(50);
    }
  })();
  for (let round = 0; round < KILLS; round++) {
    await pause(3_000 + Math.random() * 4_000);
    await one.product.kill();
    await one.product.start();
    // Its wait after a failure is minutes long by now, and is not what is asked about.
    await one.product.command(["audit", "stream", "resume", "--stream", "SIEM"]);
  }
  going = false;
  await writing;
  moody = false;
  await one.product.command(["audit", "stream", "resume", "--stream", "SIEM"]);
  const began = performance.now();
  const behind = async () => {
    const rows = await query<{ waiting: string }>(
      one.product,
      "SELECT h.seq - s.cursor_seq AS waiting FROM audit_stream s JOIN audit_head h USING (org_id)",
    );
    return Number(rows[0]?.waiting);
  };
  await expect.poll(behind, { timeout: 300_000, interval: 1_000 }).toBe(0);
  const seconds = ((performance.now() - began) / 1_000).toFixed(1);
  const [files, key] = [join(folder, "received.jsonl"), join(folder, "key.pem")];
  writeFileSync(files, kept.map((body) => `${body}\n`).join(""));
  writeFileSync(key, (await one.product.command(["audit", "key"])).stdout);
  const report = await one.product.command(["audit", "verify", "--from", files, "--public-key", key]);
  const [{ seq } = { seq: "" }] = await query<{ seq: string }>(
    one.product,
    "SELECT cursor_seq AS seq FROM audit_stream",
  );
  console.log(
    `Audit stream: ${KILLS} kills, ${changes} acknowledged changes, ${kept.length} batches kept, caught up in ${seconds} s: ${report.stdout.trim()}`,
  );
  expect(report.stdout).toContain(`ok  events 1 to ${seq}, `);
});
