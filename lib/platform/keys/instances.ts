import "server-only";
import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import { statement } from "@/lib/platform/db";
import { heldKeys, promoteKey, reloadKeys, unwrapKeys } from "@/lib/platform/vault";

/** One instance that serves, and the ids of the keys that it can read with, the one that it writes with first. */
export interface Instance {
  id: string;
  host: string;
  keyIds: string[];
  startedAt: Date;
  seenAt: Date;
}

/** How often each says that it is up. */
export const ANNOUNCE_MS = 5_000;
/** Not heard of for so long, it is not there any more. */
const GONE_S = 30;

const own = randomUUID();

/**
 * Says which keys this process holds, after a look at its key files; and follows a rotation: once the root secret is under
 * the key that was put beside the current one, that is what this process writes with.
 * @returns the id of that key, when it has just begun to
 */
export async function announceKeys(): Promise<string | undefined> {
  await unwrapKeys();
  reloadKeys();
  const [root] = await statement<{ key_id: string }>("root_key_id", "SELECT key_id FROM root_secret WHERE id = 1", []);
  const followed = root && promoteKey(root.key_id) ? root.key_id : undefined;
  await statement(
    "announce_keys",
    `WITH gone AS (DELETE FROM instance WHERE seen_at < now() - make_interval(secs => ${GONE_S}) AND id <> $1)
     INSERT INTO instance (id, host, key_ids) VALUES ($1, $2, $3)
       ON CONFLICT (id) DO UPDATE SET key_ids = $3, seen_at = now()`,
    [own, hostname(), heldKeys()],
  );
  return followed;
}

/** The end of this process. */
export async function withdrawKeys(): Promise<void> {
  await statement("withdraw_keys", "DELETE FROM instance WHERE id = $1", [own]);
}

/** The instances heard of in the last half minute, the longest up first. */
export const liveInstances = (): Promise<Instance[]> =>
  statement<Instance>(
    "live_instances",
    `SELECT id, host, key_ids AS "keyIds", started_at AS "startedAt", seen_at AS "seenAt" FROM instance
      WHERE seen_at >= now() - make_interval(secs => ${GONE_S}) ORDER BY started_at, id`,
    [],
  );
