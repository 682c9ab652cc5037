import "server-only";
import { existsSync } from "node:fs";
import { open, rename } from "node:fs/promises";
import { Refusal } from "@/lib/platform/refusal";
import { migrateOver, migrationsIn } from "@/prisma/migrate.mjs";
import { type Container, type Header, openContainer } from "./container";
import { requireEmpty } from "./empty";
import { fill } from "./fill";
import { asOwner, backupKey, migrationsFolder, requireKeys } from "./owner";
import { PLAIN_TEXT } from "./tables";

export interface RestoreReport {
  takenAt: string;
  /** The version that made it. */
  program: string;
  migration: string;
  keyIds: string[];
  tables: Record<string, number>;
  rows: number;
  /** What there was of anchors before, moved aside. */
  anchorsBefore?: string | undefined;
}

export interface RestoreTarget {
  ownerUrl: string;
  anchors: string;
  /** The application's role, where it is to have a name of its own. */
  role?: string | undefined;
  say: (line: string) => void;
}

/**
 * Looks whether a backup is whole, made by the vault of this key, and of a schema that this program knows. Touches nothing.
 * @throws Refusal that says which of these it is not
 */
export async function checkBackup(file: string): Promise<Header> {
  return (await checked(file)).header;
}

/**
 * Fills an empty database. All rows come in one transaction: cut off anywhere, none of them is there, and it may be run again. The
 * schema is made by the migrations as it was, and brought up to date behind the rows. Whoever starts a server meanwhile waits.
 * @throws Refusal before anything is touched: as `checkBackup`, and where the database holds anything
 */
export async function restoreBackup(file: string, target: RestoreTarget): Promise<RestoreReport> {
  const backup = await checked(file);
  const { header } = backup;
  const migration = header.migrations.at(-1) ?? "";
  return asOwner(target.ownerUrl, async (db) => {
    await db.query(PLAIN_TEXT);
    // The owner, whom row-level security binds, is to see what is there.
    await db.query("SELECT set_config('app.scope', 'backup', false)");
    await requireEmpty(db, migration);
    const isNewest = migrationsIn(migrationsFolder()).at(-1) === migration;
    // The lock of the migrations is this connection's from here to its end.
    const until = isNewest ? undefined : migration;
    const { role } = await migrateOver(db, migrationsFolder(), target.say, { role: target.role, until });
    const filled = await fill(db, backup, migration);
    const anchorsBefore = await putAnchors(target.anchors, filled.anchors);
    await db.query("COMMIT");
    if (!isNewest) await migrateOver(db, migrationsFolder(), target.say, { role });
    await db.query("ANALYZE");
    const rows = Object.values(filled.counts).reduce((sum, count) => sum + count, 0);
    const { takenAt, program, keyIds } = header;
    return { takenAt, program, migration, keyIds, tables: filled.counts, rows, anchorsBefore };
  });
}

async function checked(file: string): Promise<Container> {
  const backup = await openContainer(file);
  const { rootSecret, keyIds, migrations } = backup.header;
  const key = backupKey(Buffer.from(rootSecret, "base64"));
  if (!backup.isSignedWith(key))
    throw new Refusal("invalid", "The backup was altered by somebody without the vault's key. Nothing was restored.");
  requireKeys(keyIds);
  requireKnown(migrations);
  return backup;
}

function requireKnown(migrations: string[]): void {
  const here = migrationsIn(migrationsFolder());
  const unknown = migrations.find((name) => !here.includes(name));
  if (unknown !== undefined)
    throw new Refusal(
      "invalid",
      `The backup has the schema ${unknown}, which this program does not know. Nothing was restored: use the version that made it, or a newer one.`,
    );
  const newest = migrations.at(-1) ?? "";
  if (here.filter((name) => name <= newest).length !== migrations.length)
    throw new Refusal("invalid", "The backup's schema has another history than this program's. Nothing was restored.");
}

/**
 * Puts the anchors where the server looks for them, before the rows are final: without them nothing would vouch for the events. Those
 * that are there are of another vault, or of later events than the backup has; they are evidence, and are moved aside.
 */
async function putAnchors(path: string, anchors: Buffer[]): Promise<string | undefined> {
  let aside: string | undefined;
  if (existsSync(path)) {
    aside = `${path}.before-${new Date().toISOString().replaceAll(":", "")}`;
    await rename(path, aside);
  }
  if (anchors.length === 0) return aside;
  const file = await open(path, "w", 0o600);
  try {
    for (const part of anchors) await file.writeFile(part);
    await file.sync();
  } finally {
    await file.close();
  }
  return aside;
}
