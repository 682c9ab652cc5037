import "server-only";
import type pg from "pg";
import type { BatchWriter } from "@/lib/audit";
import { inOrganization, statement, type Transaction, withConnection } from "@/lib/db";
import type { Credential } from "@/lib/generated/prisma/client";
import type { CredentialData, CredentialType } from "@/lib/providers/define";
import { Refusal } from "@/lib/refusal";
import type { SecretInfo } from "./view";

/** A row as the core sees it. `sealed` is null once deleted. */
export interface Row extends Omit<Credential, "type" | "config" | "secretInfo" | "sealed"> {
  type: CredentialType;
  config: CredentialData;
  secretInfo: Record<string, SecretInfo>;
  sealed: Buffer | null;
  ownerName: string | null;
}

const COLUMNS = `c.org_id AS "orgId", c.id, c.external_id AS "externalId", c.owner_id AS "ownerId", c.provider, c.type,
  c.name, c.name_key AS "nameKey", c.tags, c.summary, c.search, c.config, c.secret_info AS "secretInfo",
  c.account_email AS "accountEmail", c.key_id AS "keyId", c.version, c.sealed_version AS "sealedVersion", c.active,
  c.needs_reauth AS "needsReauth", c.expires_at AS "expiresAt", c.token_expires_at AS "tokenExpiresAt", c.health,
  c.health_reason AS "healthReason", c.health_at AS "healthAt", c.health_version AS "healthVersion",
  c.last_used_at AS "lastUsedAt", c.created_at AS "createdAt", c.updated_at AS "updatedAt",
  c.modified_by AS "modifiedBy", c.deleted_at AS "deletedAt"`;

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

const READ = `SELECT ${COLUMNS}, c.sealed, NULL AS "ownerName" FROM credential_in($1, $2) c`;

/**
 * The credentials of one organisation: the only way to the table. There is no way to make one without saying whose,
 * every statement carries the organisation, and row-level security stands behind it.
 */
export function credentialsOf(orgId: string) {
  return {
    /**
     * A live row with its sealed data, in one prepared statement (a measured hot path); undefined when there is none.
     * @throws Refusal "invalid" when the id is no UUID
     */
    async find(id: string): Promise<Row | undefined> {
      if (!UUID.test(id)) throw new Refusal("invalid", "Invalid credential ID");
      return (await statement<Row>("credential_find", READ, [orgId, id]))[0];
    },

    /** Rows without sealed data, by conditions of lib/credentials/list. */
    select(conditions: string[], order: string, values: unknown[], limit: number): Promise<Row[]> {
      const where = ["c.org_id = $1", "c.deleted_at IS NULL", ...conditions].join(" AND ");
      const text = `SELECT ${COLUMNS}, NULL AS sealed, coalesce(u.name, u.email) AS "ownerName"
        FROM credential c LEFT JOIN user_account u ON u.org_id = c.org_id AND u.id = c.owner_id
        WHERE ${where} ORDER BY ${order} LIMIT ${Math.trunc(limit)}`;
      return withConnection(orgId, async (client) => (await client.query<Row>(text, [orgId, ...values])).rows);
    },

    async isNameTaken(nameKey: string, exceptId: string | null): Promise<boolean> {
      return inOrganization(orgId, (tx) => nameTaken(tx, orgId, nameKey, exceptId));
    },

    /** Live rows of a provider and of an owner. Call under the organisation's lock. */
    async counts(tx: Transaction, provider: string, ownerId: string): Promise<{ provider: number; owner: number }> {
      return {
        provider: await tx.credential.count({ where: { orgId, provider, deletedAt: null } }),
        owner: await tx.credential.count({ where: { orgId, ownerId, deletedAt: null } }),
      };
    },

    nameTaken: (tx: Transaction, nameKey: string) => nameTaken(tx, orgId, nameKey, null),

    async insert(tx: Transaction, row: NewRow): Promise<void> {
      await tx.credential.create({ data: { ...row, orgId, sealed: new Uint8Array(row.sealed), secretInfo: { ...row.secretInfo } } });
    },

    /** Takes the row out of use and shreds its secret in the same row version. False when it moved on or was gone. */
    async shred(tx: Transaction, id: string, version: number, at: Date, by: string): Promise<boolean> {
      const { count } = await tx.credential.updateMany({
        where: { orgId, id, version, deletedAt: null },
        data: { sealed: null, keyId: null, deletedAt: at, updatedAt: at, modifiedBy: by, active: false, version: { increment: 1 } },
      });
      return count === 1;
    },
  };
}

export type NewRow = Pick<
  Credential,
  | "id"
  | "externalId"
  | "ownerId"
  | "provider"
  | "type"
  | "name"
  | "nameKey"
  | "tags"
  | "summary"
  | "search"
  | "accountEmail"
  | "keyId"
  | "expiresAt"
  | "tokenExpiresAt"
  | "health"
  | "healthReason"
  | "healthAt"
  | "healthVersion"
  | "createdAt"
  | "updatedAt"
  | "modifiedBy"
> & { config: CredentialData; secretInfo: Record<string, SecretInfo>; sealed: Buffer };

const nameTaken = async (tx: Transaction, orgId: string, nameKey: string, exceptId: string | null): Promise<boolean> =>
  (await tx.credential.findFirst({
    where: { orgId, nameKey, deletedAt: null, ...(exceptId && { id: { not: exceptId } }) },
    select: { id: true },
  })) !== null;

/** The whole of what an update writes; `expected` is the version it was made from. */
export interface Update {
  orgId: string;
  id: string;
  expected: number;
  type: string;
  name: string;
  nameKey: string;
  tags: string[];
  summary: string;
  search: string;
  config: CredentialData;
  secretInfo: Record<string, SecretInfo>;
  accountEmail: string | null;
  sealed: Buffer;
  keyId: string;
  sealedVersion: number;
  active: boolean;
  needsReauth: boolean;
  expiresAt: Date | null;
  tokenExpiresAt: Date | null;
  health: string | null;
  healthReason: string | null;
  healthAt: Date | null;
  healthVersion: number | null;
  updatedAt: Date;
  modifiedBy: string;
}

/**
 * Writes updates of one organisation in one statement, each only if its row is still at the version it was made from
 * and its name is still free. Runs under the organisation's lock, so nothing can slip in between.
 */
export const writeUpdates: BatchWriter<Update> = async (client, updates) => {
  const seen = new Set<string>();
  // A second change of the same row, or to the same name, must see the first one's outcome: it is tried again.
  const rows = updates.filter(({ id, nameKey }) => {
    const first = !seen.has(id) && !seen.has(nameKey);
    seen.add(id).add(nameKey);
    return first;
  });
  const { rows: stored } = await client.query<{ id: string }>({
    name: "credential_update",
    text: UPDATE,
    values: [rows[0]?.orgId, JSON.stringify(rows.map((row) => ({ ...row, sealed: row.sealed.toString("hex") })))],
  });
  const taken = new Set(stored.map((row) => row.id));
  return updates.map((update) => rows.includes(update) && taken.has(update.id));
};

const UPDATE = `UPDATE credential c SET type = n->>'type', name = n->>'name', name_key = n->>'nameKey',
    tags = ARRAY(SELECT jsonb_array_elements_text(n->'tags')), summary = n->>'summary', search = n->>'search',
    config = n->'config', secret_info = n->'secretInfo', account_email = n->>'accountEmail',
    sealed = decode(n->>'sealed', 'hex'), key_id = n->>'keyId', sealed_version = (n->>'sealedVersion')::int,
    active = (n->>'active')::boolean, needs_reauth = (n->>'needsReauth')::boolean,
    expires_at = (n->>'expiresAt')::timestamptz, token_expires_at = (n->>'tokenExpiresAt')::timestamptz,
    health = n->>'health', health_reason = n->>'healthReason', health_at = (n->>'healthAt')::timestamptz,
    health_version = (n->>'healthVersion')::int, updated_at = (n->>'updatedAt')::timestamptz,
    modified_by = n->>'modifiedBy', version = c.version + 1
  FROM jsonb_array_elements($2::jsonb) n
  WHERE c.org_id = $1 AND c.id = (n->>'id')::uuid AND c.version = (n->>'expected')::int AND c.deleted_at IS NULL
    AND (c.name_key = n->>'nameKey' OR NOT EXISTS (
      SELECT 1 FROM credential x WHERE x.org_id = $1 AND x.name_key = n->>'nameKey' AND x.deleted_at IS NULL))
  RETURNING c.id`;

export interface Fetch {
  orgId: string;
  id: string;
  serviceAccountId: string;
  version: number;
  at: Date;
  /** "Last used" of the row is coarse; only the first fetch of a minute touches it. */
  touch: boolean;
}

/** Counts fetches per service account and day. Always takes: a fetch has nothing that could be stale. */
export const writeFetches: BatchWriter<Fetch> = async (client, fetches) => {
  await countUses(client, fetches);
  const touched = fetches.filter((one) => one.touch);
  if (touched.length > 0) {
    await client.query({
      name: "credential_touch",
      text: "UPDATE credential SET last_used_at = $3 WHERE org_id = $1 AND id = ANY($2::uuid[])",
      values: [touched[0]?.orgId, touched.map((one) => one.id), touched.at(-1)?.at],
    });
  }
  return fetches.map(() => true);
};

async function countUses(client: pg.PoolClient, fetches: Fetch[]): Promise<void> {
  const sums = new Map<string, Fetch & { count: number }>();
  for (const one of fetches) {
    const key = `${one.id}/${one.serviceAccountId}`;
    sums.set(key, { ...one, count: (sums.get(key)?.count ?? 0) + 1 });
  }
  await client.query({
    name: "credential_use",
    text: `INSERT INTO credential_use (org_id, credential_id, service_account_id, day, fetches, last_at, last_version)
      SELECT $1, (n->>'id')::uuid, (n->>'serviceAccountId')::uuid, ((n->>'at')::timestamptz AT TIME ZONE 'UTC')::date,
        (n->>'count')::int, (n->>'at')::timestamptz, (n->>'version')::int
      FROM jsonb_array_elements($2::jsonb) n
      ON CONFLICT (org_id, credential_id, service_account_id, day) DO UPDATE
        SET fetches = credential_use.fetches + excluded.fetches, last_at = excluded.last_at, last_version = excluded.last_version`,
    values: [fetches[0]?.orgId, JSON.stringify([...sums.values()])],
  });
}
