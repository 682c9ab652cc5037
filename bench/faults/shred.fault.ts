import { randomUUID } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { create, query, replacement, type Subject, send, subject } from "./client";

let one: Subject;
beforeAll(async () => {
  one = await subject({ LOG_LEVEL: "debug" });
});
afterAll(() => one.product.stop());

/** Files below the data folder (heap, WAL, logs, everything) that hold these bytes. */
function holding(bytes: Buffer): string[] {
  const found: string[] = [];
  for (const entry of readdirSync(one.product.folder, { withFileTypes: true, recursive: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile() && existsSync(path) && readFileSync(path).includes(bytes))
      found.push(path.slice(one.product.folder.length));
  }
  return found;
}

test("F10: a secret is nowhere on the disk, and after an update or deletion its sealed form is gone from the live table", async () => {
  const canary = (): string => `canary-${randomUUID()}`;
  const [first, second] = [canary(), canary()];
  const id = await create(one, first);
  const sealedOf = async () =>
    (await query<{ sealed: Buffer | null }>(one.product, "SELECT sealed FROM credential WHERE id = $1", [id]))[0]
      ?.sealed ?? null;
  const before = await sealedOf();
  await send(one.product.url, one.user, "PATCH", `/${id}`, replacement(second));
  expect((await send(one.product.url, one.program, "GET", `/${id}/credentials`)).body.password).toBe(second);
  const after = await sealedOf();
  await send(one.product.url, one.user, "DELETE", `/${id}`);
  expect(await sealedOf()).toBeNull();
  await query(one.product, "CHECKPOINT");
  expect(holding(Buffer.from(first))).toEqual([]);
  expect(holding(Buffer.from(second))).toEqual([]);
  // A logical copy of every table, as a dump would be.
  const tables = await query<{ name: string }>(
    one.product,
    "SELECT relname AS name FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace",
  );
  for (const { name } of tables) {
    const [copy] = await query<{ text: string | null }>(
      one.product,
      `SELECT string_agg(t::text, '') AS text FROM ${name} t`,
    );
    for (const secret of [first, second]) expect(copy?.text ?? "", name).not.toContain(secret);
    for (const sealed of [before, after])
      expect(copy?.text ?? "", name).not.toContain((sealed ?? Buffer.from("none")).toString("hex"));
  }
  const left = holding((before ?? Buffer.alloc(0)).subarray(9, 69));
  console.log(
    `F10: plaintext in 0 files; the old wrapped data key still lies in ${left.length} files (dead rows and WAL until they are recycled) and opens nothing once the key is retired`,
  );
});
