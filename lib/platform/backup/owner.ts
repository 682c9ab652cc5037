import "server-only";
import { join } from "node:path";
import pg from "pg";
import { programFolder } from "@/lib/platform/env";
import { rootAddress } from "@/lib/platform/keys";
import { Refusal } from "@/lib/platform/refusal";
import { deriveKey, heldKeys, open, UnknownKey } from "@/lib/platform/vault";

/** One connection of the database's owner, for work over all rows. What the driver says of a failure stays inside. */
export async function asOwner<T>(ownerUrl: string, work: (db: pg.Client) => Promise<T>): Promise<T> {
  const db = new pg.Client({ connectionString: ownerUrl, application_name: "latchkey backup" });
  // The statement under way is told.
  db.on("error", () => {});
  try {
    await db.connect();
    return await work(db);
  } catch (error) {
    throw isDrivers(error) ? new Error(wordsFor(error), { cause: error }) : error;
  } finally {
    await db.end().catch(() => {});
  }
}

const isDrivers = (error: unknown): error is { code: string; table?: string } =>
  error instanceof pg.DatabaseError || /^E[A-Z]+$/.test(String((error as { code?: unknown }).code));

const wordsFor = ({ code, table }: { code: string; table?: string }) =>
  `The database refused it (${code}${table ? `, table ${table}` : ""}). Nothing was stored; its own log says more.`;

/**
 * The key that vouches for backups of the vault with this root secret.
 * @throws Refusal where no key of this process opens it
 */
export function backupKey(sealedRoot: Buffer): Buffer {
  try {
    const root = open(sealedRoot, rootAddress);
    const key = deriveKey(root, "backup");
    root.fill(0);
    return key;
  } catch (error) {
    const which = error instanceof UnknownKey ? ` It is sealed under key ${error.keyId}.` : "";
    throw new Refusal("invalid", `This key is not the one of what is to be read.${which} ${GIVE}`, { cause: error });
  }
}

/** @throws Refusal where something is sealed under a key that this process does not hold */
export function requireKeys(keyIds: readonly string[]): void {
  const missing = keyIds.filter((id) => !heldKeys().includes(id));
  if (missing.length === 0) return;
  throw new Refusal("invalid", `Something in it is sealed under key ${missing.join(", ")}, which is not here. ${GIVE}`);
}

const GIVE =
  "Nothing was done. Put that key into LATCHKEY_KEY, LATCHKEY_KEY_FILE or the folder's key, or as the previous one beside it.";

/** The program's own. */
export const migrationsFolder = (): string => join(programFolder(), "prisma/migrations");
