import { mkdtempSync } from "node:fs";
import { statfs } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { expect, test } from "vitest";
import { ownDatabase } from "@/test/own-database";

const { url, ownerUrl } = await ownDatabase();
process.env.DATABASE_URL = url;
const { healthRoute, readinessOf } = await import("./health");
const { hasRoom, hasSchema, knownMigrations } = await import("./readiness");

test("not ready while the schema is another program's, older or newer, and ready again when it is this one's", async () => {
  const known = knownMigrations("prisma/migrations");
  const health = healthRoute(readinessOf([{ name: "schema", passes: () => hasSchema(known) }]));
  const asked = async () => {
    const answer = await health.GET?.(new Request("http://localhost/api/health"), { params: Promise.resolve({}) });
    return [answer?.status, await answer?.json()];
  };
  expect(await asked()).toEqual([200, { live: true, ready: true }]);
  const owner = new pg.Client({ connectionString: ownerUrl });
  await owner.connect();
  await owner.query(
    `INSERT INTO "_prisma_migrations" (id, checksum, migration_name, finished_at, applied_steps_count)
       VALUES ('newer', '', '20991231000000_newer', now(), 1)`,
  );
  expect(await asked()).toEqual([503, { live: true, ready: false }]);
  // Which says that it serves this program, too.
  await owner.query("UPDATE schema_compatibility SET migration = '20991231000000_newer', serves_from = $1", [
    known.at(-1),
  ]);
  expect(await asked()).toEqual([200, { live: true, ready: true }]);
  await owner.query("UPDATE schema_compatibility SET serves_from = '20991231000000_newer'");
  expect(await asked()).toEqual([503, { live: true, ready: false }]);
  await owner.query(`DELETE FROM "_prisma_migrations" WHERE id = 'newer'`);
  expect(await asked()).toEqual([200, { live: true, ready: true }]);
  await owner.query(`UPDATE "_prisma_migrations" SET finished_at = NULL WHERE migration_name = $1`, [known.at(-1)]);
  expect(await asked()).toEqual([503, { live: true, ready: false }]);
  await owner.end();
});

test("the data folder has room while its file system has; one that is not there needs none", async () => {
  const folder = mkdtempSync(join(tmpdir(), "latchkey-room-"));
  const { blocks, bsize } = await statfs(folder);
  expect(await hasRoom(folder, 1)).toBe(true);
  expect(await hasRoom(folder, blocks * bsize + 1)).toBe(false);
  expect(await hasRoom(join(folder, "none"), blocks * bsize + 1)).toBe(true);
});
