import "server-only";
import { acrossOrganizations, statement } from "@/lib/db";
import { keyring } from "@/lib/vault";

/** How much is sealed under which key-encryption key. */
export interface KeyCount {
  keyId: string;
  count: number;
}

/** Sealed things per key id: credentials, new secrets on their way, and the root secret. */
export async function countByKey(): Promise<KeyCount[]> {
  const counted = { where: { keyId: { not: null } }, _count: { _all: true } } as const;
  const rows = await acrossOrganizations(async (tx) => [
    ...(await tx.credential.groupBy({ by: ["keyId"], ...counted })),
    ...(await tx.credentialRotation.groupBy({ by: ["keyId"], ...counted })),
  ]);
  const counts = new Map<string, number>();
  for (const { keyId, _count } of rows) counts.set(keyId ?? "", (counts.get(keyId ?? "") ?? 0) + _count._all);
  const root = await statement<{ key_id: string }>("root_key_id", "SELECT key_id FROM root_secret WHERE id = 1", []);
  for (const { key_id } of root) counts.set(key_id, (counts.get(key_id) ?? 0) + 1);
  return [...counts].map(([keyId, count]) => ({ keyId, count })).sort((a, b) => (a.keyId < b.keyId ? -1 : 1));
}

/** What this process could not open with the keys it was given. */
export async function unreadableRows(): Promise<KeyCount[]> {
  const { current, previous } = keyring();
  return (await countByKey()).filter(({ keyId }) => keyId !== current.id && keyId !== previous?.id);
}
