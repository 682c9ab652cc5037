// The key file of a newcomer's first start.
import { randomBytes } from "node:crypto";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";
import { makeFolder } from "./folders.mjs";
import { Trouble } from "./say.mjs";

/**
 * Makes LATCHKEY_DATA/key on the very first start. Never once the vault holds anything: a new key would open none of it.
 * @param {{ LATCHKEY_KEY?: string, LATCHKEY_KEY_FILE?: string, LATCHKEY_DATA: string }} env
 * @param {string} ownerUrl of the database
 * @param {string} where the database is, for people
 * @returns {Promise<string>} where the key lies, for people
 */
export async function ensureKey(env, ownerUrl, where) {
  if (env.LATCHKEY_KEY) return "LATCHKEY_KEY";
  if (env.LATCHKEY_KEY_FILE) return env.LATCHKEY_KEY_FILE;
  const file = join(env.LATCHKEY_DATA, "key");
  if (existsSync(file)) return file;
  if (await holdsSecrets(ownerUrl)) {
    throw new Trouble(
      `The key is missing. The database (${where}) is sealed under a key that is neither in LATCHKEY_KEY nor in ${file}.\n` +
        "Put that key back; without it nothing in the vault can be opened. No new key is made.",
    );
  }
  makeFolder(env.LATCHKEY_DATA, 0o700);
  // wx: of two first starts, one makes the key and the other fails.
  writeFileSync(file, `${randomBytes(32).toString("base64")}\n`, { mode: 0o600, flag: "wx" });
  return file;
}

async function holdsSecrets(ownerUrl) {
  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  try {
    const { rows } = await client.query("SELECT EXISTS (SELECT FROM root_secret) AS held");
    return rows[0].held;
  } finally {
    await client.end();
  }
}
