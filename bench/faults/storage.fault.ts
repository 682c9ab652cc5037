import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { expect, test } from "vitest";
import { startPostgres } from "../../deploy/embedded-postgres.mjs";
import { type Answer, create, replacement, type Subject, send, subject, values } from "./client";

/** Each kind of request once, at the same time. */
const asked = async ({ product, user, program }: Subject, id: string): Promise<Answer[]> =>
  Promise.all([
    send(product.url, user, "GET", `/${id}`),
    send(product.url, user, "GET", "?limit=5"),
    send(product.url, user, "PATCH", `/${id}`, replacement("while it is away")),
    send(product.url, user, "POST", "", values("while it is away")),
    send(product.url, program, "GET", `/${id}/credentials`),
  ]);
const slowest = (answers: Answer[]) => Math.round(Math.max(...answers.map(({ ms }) => ms)));

/** Between the product and its database; `stall` keeps every byte to itself. */
async function relayTo(port: number) {
  const wires = new Set<Socket>();
  const server = createServer((ours) => {
    const theirs = connect(port, "127.0.0.1");
    for (const wire of [ours, theirs])
      wires.add(wire.on("error", () => undefined).on("close", () => wires.delete(wire)));
    ours.pipe(theirs).pipe(ours);
    ours.on("close", () => theirs.destroy());
    if (stalled) for (const wire of [ours, theirs]) wire.pause();
  });
  let stalled = false;
  await new Promise<void>((open) => server.listen(0, "127.0.0.1", open));
  return {
    port: (server.address() as AddressInfo).port,
    stall: () => {
      stalled = true;
      for (const wire of wires) wire.unpipe().pause();
    },
    // What was in the middle of something is lost, as after a network that came back.
    recover: () => {
      stalled = false;
      for (const wire of wires) wire.destroy();
    },
    close: () => {
      for (const wire of wires) wire.destroy();
      server.close();
    },
  };
}

test("F4: a database behind a black hole costs callers about five seconds and a 503, and the product recovers by itself", async () => {
  const folder = mkdtempSync(join(tmpdir(), "latchkey-f4-"));
  chmodSync(folder, 0o711);
  const server = await startPostgres(folder);
  const relay = await relayTo(server.port);
  const DATABASE_URL = Object.assign(new URL(server.url), { host: `127.0.0.1:${relay.port}` }).href;
  const one = await subject({ DATABASE_URL });
  try {
    const id = await create(one);
    expect((await asked(one, id)).map(({ status }) => status)).toEqual([200, 200, 200, 201, 200]);
    relay.stall();
    const first = await asked(one, id);
    const later = await asked(one, id);
    const health = await fetch(`${one.product.url}/api/health`);
    relay.recover();
    const began = performance.now();
    while ((await send(one.product.url, one.program, "GET", `/${id}/credentials`)).status !== 200) await pause(100);
    const recovered = Math.round(performance.now() - began);
    console.log(`F4: answered after ${slowest(first)} ms, then ${slowest(later)} ms; well again ${recovered} ms after`);
    for (const { status, headers } of [...first, ...later]) {
      expect([status, Number(headers.get("retry-after")) > 0]).toEqual([503, true]);
    }
    expect(health.status).toBe(503);
    expect(slowest([...first, ...later])).toBeLessThan(10_000);
    expect(recovered).toBeLessThan(10_000);
  } finally {
    await one.product.stop();
    relay.close();
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
});

/** A small file system of its own, which takes root and a kernel that lets us. */
function smallDisk(): string | undefined {
  const at = mkdtempSync(join(tmpdir(), "latchkey-f5-"));
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=200m,mode=711", "tmpfs", at], { stdio: "ignore" });
    return at;
  } catch {
    rmSync(at, { recursive: true });
    return undefined;
  }
}

test("F5: on a full disk nothing is half written and no secret leaves unrecorded; with room again it works again", async ({
  skip,
}) => {
  const disk = smallDisk();
  if (!disk) return skip("no file system can be mounted here");
  const LATCHKEY_DATA = join(disk, "data");
  mkdirSync(LATCHKEY_DATA, { mode: 0o711 });
  const one = await subject({ LATCHKEY_DATA });
  try {
    const ids = await Promise.all(Array.from({ length: 4 }, () => create(one)));
    const { bavail, bsize } = statfsSync(disk);
    writeFileSync(join(disk, "filler"), Buffer.alloc(Math.max(0, bavail * bsize - 64 * 1024)));
    const during: Answer[] = [];
    for (let round = 0; round < 40; round++) during.push(...(await asked(one, ids[round % 4] ?? "")));
    const refused = during.filter(({ status }) => status === 503).length;
    rmSync(join(disk, "filler"));
    const began = performance.now();
    while ((await send(one.product.url, one.program, "GET", `/${ids[0]}/credentials`)).status !== 200) await pause(200);
    const recovered = Math.round(performance.now() - began);
    const other = during.filter(({ status }) => ![200, 201, 503].includes(status)).map(({ status }) => status);
    console.log(
      `F5: ${refused} of ${during.length} refused with 503, others ${JSON.stringify(other)}; well again ${recovered} ms after`,
    );
    expect(refused).toBeGreaterThan(0);
    expect(other.filter((status) => status !== 0)).toEqual([]);
    const verdict = await one.product.command(["audit", "verify", "--json"], { LATCHKEY_DATA });
    expect(JSON.parse(verdict.stdout).filter((org: { problem: string | null }) => org.problem)).toEqual([]);
  } finally {
    await one.product.terminate().catch(() => undefined);
    const { stopPostgres } = await import("../../deploy/embedded-postgres.mjs");
    await stopPostgres(LATCHKEY_DATA);
    await one.product.stop();
    execFileSync("umount", [disk]);
    rmSync(disk, { recursive: true, force: true });
  }
});
