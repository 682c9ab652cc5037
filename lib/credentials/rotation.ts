import "server-only";
import { acrossOrganizations, statement } from "@/lib/platform/db";
import { heldKeys, reloadKeys } from "@/lib/platform/vault";

/** How much is sealed under which key-encryption key. */
export interface KeyCount {
  keyId: string;
  count: number;
}

/** Sealed things per key id: credentials, new secrets on their way, settings of audit streams, and the root secret. */
export async function countByKey(): Promise<KeyCount[]> {
  const each = { _count: { _all: true } } as const;
  const counted = { where: { keyId: { not: null } }, ...each } as const;
  const rows = await acrossOrganizations(async (tx) => [
    ...(await tx.credential.groupBy({ by: ["keyId"], ...counted })),
    ...(await tx.credentialRotation.groupBy({ by: ["keyId"], ...counted })),
    ...(await tx.auditStream.groupBy({ by: ["keyId"], ...each })),
  ]);
  const counts = new Map<string, number>();
  for (const { keyId, _count } of rows) counts.set(keyId ?? "", (counts.get(keyId ?? "") ?? 0) + _count._all);
  const root = await statement<{ key_id: string }>("root_key_id", "SELECT key_id FROM root_secret WHERE id = 1", []);
  for (const { key_id } of root) counts.set(key_id, (counts.get(key_id) ?? 0) + 1);
  return [...counts].map(([keyId, count]) => ({ keyId, count })).sort((a, b) => (a.keyId < b.keyId ? -1 : 1));
}

/** What this process could not open with the keys it was given. */
export async function unreadableRows(): Promise<KeyCount[]> {
  const held = heldKeys();
  return (await countByKey()).filter(({ keyId }) => !held.includes(keyId));
}

const sealedTables = ["credential", "credential_rotation", "audit_stream"] as const;

/**
 * The keys that something is sealed under and this process does not hold, after a look at its key files. Cheap: one step
 * in an index for each key, however many rows there are.
 */
export async function missingKeys(): Promise<string[]> {
  const found = await acrossOrganizations((tx) =>
    tx.$queryRawUnsafe<{ key_id: string }[]>(
      `${sealedTables.map(keysIn).join(" UNION ")} UNION SELECT key_id FROM root_secret WHERE id = 1`,
    ),
  );
  const lacks = () => found.map(({ key_id }) => key_id).filter((id) => !heldKeys().includes(id));
  return lacks().length > 0 && reloadKeys() ? lacks() : lacks();
}

const keysIn = (table: (typeof sealedTables)[number]) => `SELECT key_id FROM (
  WITH RECURSIVE each AS (
    (SELECT key_id FROM ${table} WHERE sealed IS NOT NULL AND key_id IS NOT NULL ORDER BY key_id LIMIT 1)
    UNION ALL
    SELECT (SELECT key_id FROM ${table} WHERE sealed IS NOT NULL AND key_id > each.key_id ORDER BY key_id LIMIT 1)
      FROM each WHERE each.key_id IS NOT NULL
  ) SELECT key_id FROM each WHERE key_id IS NOT NULL) AS "${table}"`;
