import "server-only";
import { streamContext } from "@/lib/audit-streams/sealed-settings";
import { acrossOrganizations, wholeOf, withConnection } from "@/lib/platform/db";
import { type EncryptionContext, keyIdOf, rewrap } from "@/lib/platform/vault";
import type { CredentialType } from "@/lib/providers/define";
import { rotationContext } from "./rotate/repository";
import { contextOf } from "./sealed-data";

interface StoredRow {
  id: string;
  provider: string;
  type: CredentialType;
  version: number;
  sealed: Buffer;
}

/** One kind of sealed rows, and where each of them belongs. */
export interface SealedRow {
  kind: "credential" | "rotation" | "audit stream";
  table: "credential" | "credential_rotation" | "audit_stream";
  /** SQL of the provider and type that are bound in. */
  subject: string;
  /** SQL of the version that is bound in. */
  version: string;
  address: (orgId: string, row: StoredRow) => EncryptionContext;
}

export const sealedKinds: readonly SealedRow[] = [
  {
    kind: "credential",
    table: "credential",
    subject: "provider, type",
    version: "sealed_version",
    address: (orgId, { version, ...row }) => contextOf({ ...row, orgId, sealedVersion: version }),
  },
  // New secrets that are on their way somewhere: few, and short-lived unless a person has to install a key.
  {
    kind: "rotation",
    table: "credential_rotation",
    subject: "provider, type",
    version: "1",
    address: (orgId, row) => rotationContext({ orgId, ...row }),
  },
  // Where audit logs are sent, and with what.
  {
    kind: "audit stream",
    table: "audit_stream",
    subject: "kind AS provider, '' AS type",
    version: "sealed_version",
    address: (orgId, { id, provider, version }) => streamContext({ orgId, id, kind: provider, sealedVersion: version }),
  },
];

/** The rows to move: those of an organisation under one of `keys`, but for those set aside. */
export interface RowSelection {
  orgId: string;
  keys: readonly string[];
  /** Ids of rows that do not open; the walk adds to them. */
  aside: Set<string>;
}

const FIRST = "00000000-0000-0000-0000-000000000000";

/** The next organisation after `after` with a row under one of the keys. One look into the index for each key. */
export async function nextOrganization(keys: readonly string[], after = FIRST): Promise<string | undefined> {
  const [next] = await acrossOrganizations((tx) =>
    tx.$queryRawUnsafe<{ org_id: string | null }[]>(
      `SELECT min(found.org_id::text) AS org_id FROM unnest($1::text[]) AS key(id), LATERAL (
         ${sealedKinds.map(({ table }) => `(SELECT org_id FROM ${table} WHERE sealed IS NOT NULL AND key_id = key.id AND org_id > $2::uuid ORDER BY org_id LIMIT 1)`).join(" UNION ALL ")}
       ) found`,
      [...keys],
      after,
    ),
  );
  return next?.org_id ?? undefined;
}

const BATCH = 500;

/** Moves batch after batch, each on after the last id of the one before; answers how many of each batch were moved. */
export async function* walk(sealed: SealedRow, place: RowSelection): AsyncGenerator<number> {
  for (const key of place.keys) {
    for (let after: string | undefined = FIRST; after !== undefined; ) {
      const batch: Batch = await moveBatch(sealed, place, key, after);
      if (batch.moved > 0) yield batch.moved;
      after = batch.last;
    }
  }
}

interface Batch {
  moved: number;
  /** The last id looked at; undefined when there are no more. */
  last: string | undefined;
}

/** Rows that somebody is writing are passed over: the walk comes again for them. */
const moveBatch = (sealed: SealedRow, place: RowSelection, key: string, after: string): Promise<Batch> =>
  withConnection(wholeOf(place.orgId), async (client) => {
    const { rows } = await client.query<StoredRow>(
      `SELECT id, ${sealed.subject}, ${sealed.version} AS version, sealed FROM ${sealed.table}
        WHERE org_id = $1 AND key_id = $2 AND sealed IS NOT NULL AND id > $3 ORDER BY id LIMIT ${BATCH} FOR UPDATE SKIP LOCKED`,
      [place.orgId, key, after],
    );
    const fresh = rows.flatMap((row) => anew(sealed, place, row));
    // The row's version stays: nothing that anybody could have changed has changed.
    const { rowCount } = await client.query(
      `UPDATE ${sealed.table} c SET sealed = n.sealed, key_id = n.key_id
         FROM unnest($2::uuid[], $3::bytea[], $4::text[]) AS n(id, sealed, key_id) WHERE c.org_id = $1 AND c.id = n.id`,
      [place.orgId, fresh.map(({ id }) => id), fresh.map((one) => one.sealed), fresh.map((one) => keyIdOf(one.sealed))],
    );
    return { moved: rowCount ?? 0, last: rows.length === BATCH ? rows.at(-1)?.id : undefined };
  });

/** The row with its data key under the current key; nothing, and its id set aside, when it does not open. */
function anew(
  { address }: SealedRow,
  { orgId, aside }: RowSelection,
  row: StoredRow,
): { id: string; sealed: Buffer }[] {
  if (aside.has(row.id)) return [];
  try {
    return [{ id: row.id, sealed: rewrap(row.sealed, address(orgId, row)) }];
  } catch {
    aside.add(row.id);
    return [];
  }
}

/** Rows of the organisation that are still under one of the keys, those set aside included. */
export const countLeft = ({ table }: SealedRow, { orgId, keys }: RowSelection): Promise<number> =>
  withConnection(wholeOf(orgId), async (client) => {
    const { rows } = await client.query<{ count: number }>(
      `SELECT count(*)::int AS count FROM ${table} WHERE org_id = $1 AND key_id = ANY($2) AND sealed IS NOT NULL`,
      [orgId, keys],
    );
    return rows[0]?.count ?? 0;
  });
