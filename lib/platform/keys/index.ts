import "server-only";
import { createHmac, randomBytes } from "node:crypto";
import { statement } from "@/lib/platform/db";
import { deriveKey, type EncryptionContext, keyIdOf, open, seal, UnknownKey } from "@/lib/platform/vault";

/**
 * Keys for everything but credentials, one per purpose, derived from one random root secret that lies in the
 * database sealed under the key-encryption key. So there is one key to look after, no key serves two purposes, and
 * rotating the key-encryption key changes none of them.
 */
export const purposes = [
  "token-lookup",
  "audit-chain",
  "audit-checkpoint",
  "idempotency",
  "test-receipt",
  "tested-values",
  "setup-token",
  "session-cookie",
  "sign-in-throttle",
  "known-device",
  "person-link",
  "security-token",
  "access-token",
  "authorization-flow",
  "door-session",
  "opaque-reference",
  "backup",
  "audit-seal",
] as const;
export type Purpose = (typeof purposes)[number];

export const rootAddress: EncryptionContext = {
  purpose: "root-secret",
  orgId: "",
  id: "1",
  provider: "",
  type: "",
  version: 1,
};

const derived = new Map<Purpose, Buffer>();

/**
 * Loads the root secret, or makes it on an empty database. It is the check record as well: with a key that does not
 * open it, nothing starts.
 * @throws Error when the key is not the one this database was sealed with
 */
export async function loadKeys(): Promise<void> {
  const root = openRoot(await storedRoot());
  for (const purpose of purposes) derived.set(purpose, deriveKey(root, purpose));
  root.fill(0);
}

/** Whether the root secret is there and opens with the keys that this process holds now. Nothing is made or changed. */
export async function opensRootSecret(): Promise<boolean> {
  const [found] = await statement<{ sealed: Buffer }>("root_secret", ROOT_SECRET, []);
  if (!found) return false;
  try {
    openRoot(found.sealed).fill(0);
    return true;
  } catch {
    return false;
  }
}

/** The key of one purpose, 32 bytes. @throws Error before `loadKeys` has run */
export function keyFor(purpose: Purpose): Buffer {
  const key = derived.get(purpose);
  if (!key) throw new Error("keys are not loaded yet");
  return key;
}

/** HMAC-SHA-256 under a purpose's key. */
export const hmac = (purpose: Purpose, data: string | Buffer): Buffer =>
  createHmac("sha256", keyFor(purpose)).update(data).digest();

const ROOT_SECRET = "SELECT sealed FROM root_secret WHERE id = 1";

async function storedRoot(): Promise<Buffer> {
  const found = await statement<{ sealed: Buffer }>("root_secret", ROOT_SECRET, []);
  if (found[0]) return found[0].sealed;
  const fresh = randomBytes(32);
  const sealed = seal(fresh, rootAddress);
  // Several instances may start at once on an empty database: one wins, all read the winner's.
  const [stored] = await statement<{ sealed: Buffer }>(
    "make_root_secret",
    `WITH made AS (INSERT INTO root_secret (id, sealed, key_id) VALUES (1, $1, $2) ON CONFLICT DO NOTHING RETURNING sealed)
     SELECT sealed FROM made UNION ALL SELECT sealed FROM root_secret WHERE id = 1 LIMIT 1`,
    [sealed, keyIdOf(sealed)],
  );
  return stored?.sealed ?? storedRoot();
}

function openRoot(sealed: Buffer): Buffer {
  try {
    return open(sealed, rootAddress);
  } catch (error) {
    const which = error instanceof UnknownKey ? ` It is sealed under key ${error.keyId}.` : "";
    throw new Error(`This key does not open the database.${which} Restore the right key; no new one is made.`, {
      cause: error,
    });
  }
}

/** A name for a state of something: the same for the same, and nothing can be learnt from it. */
export const keyedReference = (of: string): string => hmac("opaque-reference", of).toString("base64");
