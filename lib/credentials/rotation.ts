import "server-only";
import type { Actor } from "@/lib/actor";
import { permitted, recordAlone } from "@/lib/audit";
import { acrossOrganizations, inOrganization, statement, type Transaction } from "@/lib/db";
import { rootAddress } from "@/lib/keys";
import type { CredentialType } from "@/lib/providers/define";
import { keyIdOf, keyring, rewrap } from "@/lib/vault";
import { rotationAddress } from "./rotate/repository";
import { addressOf } from "./sealed-data";

/**
 * Rotation of the key-encryption key, online: new writes use the new key, both keys read, and every row's data key is
 * wrapped anew without opening the secret. It can be cut off anywhere and run again; what is done stays done.
 */
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

const BATCH = 200;

/**
 * Wraps every data key that is not under the current key yet. `onProgress` hears the rows done so far.
 * @returns how many rows were rewrapped in this run
 */
export function rewrapAll(actor: Actor, onProgress: (done: number) => void = () => {}): Promise<number> {
  return permitted(actor, "platform:manage", { action: "key.rotated" }, () => rewrapped(actor, onProgress));
}

async function rewrapped(actor: Actor, onProgress: (done: number) => void): Promise<number> {
  const current = keyring().current.id;
  await rewrapRoot(current);
  let done = 0;
  for (let orgId = await nextOrganization(current); orgId; orgId = await nextOrganization(current)) {
    const count = (await rewrapBatch(orgId, current)) + (await rewrapRotations(orgId, current));
    done += count;
    onProgress(done);
    await recordAlone(
      { ...actor, orgId },
      { action: "key.rotated", target: { type: "key", id: current }, fields: [String(count)] },
    );
  }
  return done;
}

/** Any organisation that still has a row under another key. */
async function nextOrganization(current: string): Promise<string | undefined> {
  const needs = { where: { keyId: { not: current } }, select: { orgId: true } } as const;
  const row = await acrossOrganizations(
    async (tx) => (await tx.credential.findFirst(needs)) ?? (await tx.credentialRotation.findFirst(needs)),
  );
  return row?.orgId;
}

/** New secrets that are on their way somewhere: few, and short-lived unless a person has to install a key. */
const rewrapRotations = (orgId: string, current: string): Promise<number> =>
  inOrganization(orgId, async (tx: Transaction) => {
    const rows = await tx.$queryRaw<{ id: string; provider: string; type: string; sealed: Uint8Array }[]>`
      SELECT id, provider, type, sealed FROM credential_rotation
       WHERE org_id = ${orgId}::uuid AND sealed IS NOT NULL AND key_id <> ${current} ORDER BY id LIMIT ${BATCH} FOR UPDATE SKIP LOCKED`;
    const fresh = rows.map(({ sealed, ...row }) => {
      const anew = rewrap(Buffer.from(sealed), rotationAddress({ orgId, ...row }));
      return { id: row.id, sealed: anew.toString("hex") };
    });
    await tx.$executeRaw`
      UPDATE credential_rotation r SET sealed = decode(n->>'sealed', 'hex'), key_id = ${current}
        FROM jsonb_array_elements(${JSON.stringify(fresh)}::jsonb) n
       WHERE r.org_id = ${orgId}::uuid AND r.id = (n->>'id')::uuid`;
    return rows.length;
  });

const rewrapBatch = (orgId: string, current: string): Promise<number> =>
  inOrganization(orgId, async (tx: Transaction) => {
    // Rows that somebody is writing are passed over; they come back in the next batch if they still need it.
    const rows = await tx.$queryRaw<
      { id: string; provider: string; type: CredentialType; sealed_version: number; sealed: Uint8Array }[]
    >`
      SELECT id, provider, type, sealed_version, sealed FROM credential
       WHERE org_id = ${orgId}::uuid AND sealed IS NOT NULL AND key_id <> ${current} ORDER BY id LIMIT ${BATCH} FOR UPDATE SKIP LOCKED`;
    const fresh = rows.map((row) => {
      const place = { orgId, id: row.id, provider: row.provider, type: row.type, sealedVersion: row.sealed_version };
      return { id: row.id, sealed: rewrap(Buffer.from(row.sealed), addressOf(place)).toString("hex") };
    });
    // The row's version stays: nothing that anybody could have changed has changed.
    await tx.$executeRaw`
      UPDATE credential c SET sealed = decode(n->>'sealed', 'hex'), key_id = ${current}
        FROM jsonb_array_elements(${JSON.stringify(fresh)}::jsonb) n
       WHERE c.org_id = ${orgId}::uuid AND c.id = (n->>'id')::uuid`;
    return rows.length;
  });

async function rewrapRoot(current: string): Promise<void> {
  const [root] = await statement<{ sealed: Buffer; key_id: string }>(
    "root_sealed",
    "SELECT sealed, key_id FROM root_secret WHERE id = 1",
    [],
  );
  if (!root || root.key_id === current) return;
  const sealed = rewrap(root.sealed, rootAddress);
  await statement(
    "root_rewrap",
    "UPDATE root_secret SET sealed = $1, key_id = $2, updated_at = now() WHERE id = 1 AND sealed = $3",
    [sealed, keyIdOf(sealed), root.sealed],
  );
}
