import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";
import { ownDatabase } from "@/test/own-database";
import { migrate } from "./migrate.mjs";

const { url, ownerUrl } = await ownDatabase();
process.env.DATABASE_URL = url;
const { sftpValues, tenant } = await import("@/test/tenant");
const { createCredential, deleteCredential, fetchSecret, listCredentials, updateCredential } = await import(
  "@/lib/credentials"
);

const ours = fileURLToPath(new URL("migrations", import.meta.url));
const folder = join(mkdtempSync(join(tmpdir(), "latchkey-beside-")), "migrations");
cpSync(ours, folder, { recursive: true });
cpSync(join(ours, "../functions"), join(folder, "../functions"), { recursive: true });
afterAll(() => rmSync(join(folder, ".."), { recursive: true, force: true }));

const MIGRATIONS = 6;
const CALLERS = 6;

/** A migration that expands, and with it all functions anew. */
function addMigration(at: number): void {
  const name = `2999010100000${at}_more`;
  const served = readdirSync(ours)
    .filter((one) => !one.endsWith(".toml"))
    .sort()
    .at(-1);
  mkdirSync(join(folder, name));
  writeFileSync(
    join(folder, name, "migration.sql"),
    `ALTER TABLE credential ADD COLUMN more_${at} TEXT NOT NULL DEFAULT '';
     UPDATE schema_compatibility SET migration = '${name}', serves_from = '${served}';`,
  );
  for (const file of readdirSync(join(folder, "../functions"))) {
    const path = join(folder, "../functions", file);
    writeFileSync(path, `${readFileSync(path, "utf8")}\n-- as the version ${at} has it\n`);
  }
}

test("no request fails while migrations and all functions are applied beside a program that is at work", async () => {
  const own = await tenant();
  let going = true;
  let done = 0;
  const failed: unknown[] = [];
  const callers = Array.from({ length: CALLERS }, async () => {
    while (going) {
      try {
        const { id } = await createCredential(own.user, {
          ...{ provider: "sftp", type: "user_password", data: sftpValues() },
        });
        await updateCredential(own.user, id, { data: { mode: "replace", values: sftpValues("changed") } });
        expect((await fetchSecret(own.program, id)).data).toMatchObject({ password: "changed" });
        await listCredentials(own.admin, { limit: 5 });
        await deleteCredential(own.user, id);
        done++;
      } catch (error) {
        failed.push(error);
      }
    }
  });
  for (let at = 0; at < MIGRATIONS; at++) {
    addMigration(at);
    const before = done;
    await migrate(ownerUrl, folder, () => {});
    await expect.poll(() => done + failed.length, { interval: 10 }).toBeGreaterThan(before + CALLERS);
  }
  going = false;
  await Promise.all(callers);
  expect(failed).toEqual([]);
});
