import "server-only";
import type { Miss, Write } from "@/lib/platform/audit";
import { inOrganization, type Transaction, withConnection } from "@/lib/platform/db";
import { Refusal } from "@/lib/platform/refusal";
import { isUuid } from "@/lib/platform/uuid";
import { type CredentialRow, selectionOf } from "./columns";
import { loader } from "./loader";

/** A row without what is sealed: enough to show it. */
export interface ShownRow extends CredentialRow<"list"> {
  ownerName: string | null;
}

/** A live row as the core works on it. */
export interface Row extends ShownRow, CredentialRow<"edit"> {
  /** The organisation saves only tested values. */
  testRequired: boolean;
}

/** What a fetch needs, and no more. */
export type SecretRow = CredentialRow<"fetch">;

/** A row as it is first stored. */
export type NewRow = CredentialRow<"create">;

/** The whole of what a change writes, and what it was made from. The sealed data are there where they were sealed anew. */
export interface Update extends CredentialRow<"change">, Partial<CredentialRow<"reseal">> {
  orgId: string;
  id: string;
  /** The version it was made from. */
  expected: number;
  /** The sealed version it was made from. */
  expectedSealed: number;
  /** The rotation that this is the end of; no other change of the data is taken while it is under way. */
  rotation?: string;
  /** A renewal: new sealed data under the same version, which disturbs nobody's edit. */
  sameVersion?: boolean;
  /** Plain values of which old and new are not kept, by the audit log's names of fields (./withheld). */
  withheld: string[];
}

const ROWS = "FROM credential_rows_in($1, $2) c";
const SHOW = `SELECT ${selectionOf("list")}, shown_name_of(c.org_id, c.owner_id) AS "ownerName" ${ROWS}`;
const READ = `SELECT ${selectionOf("edit")}, NULL AS "ownerName", test_required_in(c.org_id) AS "testRequired" ${ROWS}`;
const SECRET = `SELECT ${selectionOf("fetch")} FROM secrets_in($1, $2) c`;

const loadRow = loader<Row>("credentials_find", READ);
const loadSecret = loader<SecretRow>("secrets_find", SECRET);
const loadShown = loader<ShownRow>("credentials_show", SHOW);

/** In the database's own spelling. @throws Refusal "invalid" when it is no UUID */
function known(id: string): string {
  if (!isUuid(id)) throw new Refusal("invalid", "Invalid credential ID");
  return id.toLowerCase();
}

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
      return loadRow(orgId, known(id));
    },

    /** The same, as it stands within a transaction that holds the organisation's lock. */
    async findIn(tx: Transaction, id: string): Promise<Row | undefined> {
      const [row] = await tx.$queryRawUnsafe<(Omit<Row, "sealed"> & { sealed: Uint8Array })[]>(
        READ.replace("$1, $2", "$1::uuid, $2::uuid[]"),
        orgId,
        [known(id)],
      );
      return row && { ...row, sealed: Buffer.from(row.sealed) };
    },

    /** Does a write within such a transaction. Undefined when it took, else why not. */
    async apply(tx: Transaction, { sealed, ...clear }: Write): Promise<Miss | undefined> {
      const [row] = await tx.$queryRaw<{ miss: Miss | null }[]>`
        SELECT apply_write(${orgId}::uuid, ${JSON.stringify(clear)}::jsonb, ${sealed ?? null}::bytea) AS miss`;
      return row?.miss ?? undefined;
    },

    /** The sealed data and its address. */
    async secret(id: string): Promise<SecretRow | undefined> {
      return loadSecret(orgId, known(id));
    },

    /** What can be shown. */
    async show(id: string): Promise<ShownRow | undefined> {
      return loadShown(orgId, known(id));
    },

    /** Rows by conditions of lib/credentials/list. */
    select(conditions: string[], order: string, values: unknown[], limit: number): Promise<ShownRow[]> {
      const where = ["c.org_id = $1", "c.deleted_at IS NULL", ...conditions].join(" AND ");
      const text = `SELECT ${selectionOf("list")}, coalesce(u.name, u.email) AS "ownerName"
        FROM credential c LEFT JOIN user_account u ON u.org_id = c.org_id AND u.id = c.owner_id
        WHERE ${where} ORDER BY ${order} LIMIT ${Math.trunc(limit)}`;
      return withConnection(orgId, async (client) => (await client.query(text, [orgId, ...values])).rows);
    },

    async isNameTaken(nameKey: string, exceptId: string | null): Promise<boolean> {
      return inOrganization(orgId, (tx) => nameTaken(tx, orgId, nameKey, exceptId));
    },

    nameTaken: (tx: Transaction, nameKey: string) => nameTaken(tx, orgId, nameKey, null),

    /** Which of these names live credentials have, but for one. */
    async takenNames(tx: Transaction, nameKeys: string[], exceptId: string | null): Promise<Set<string>> {
      const rows = await tx.credential.findMany({
        where: { orgId, nameKey: { in: nameKeys }, deletedAt: null, ...(exceptId && { id: { not: exceptId } }) },
        select: { nameKey: true },
      });
      return new Set(rows.map((row) => row.nameKey));
    },

    /** The row's own id, by that id or by the one that its maker brought along; undefined when none is live. */
    async idOf(given: string): Promise<string | undefined> {
      const rows = await withConnection(orgId, async (client) => {
        const text = `SELECT id FROM credential WHERE org_id = $1 AND deleted_at IS NULL AND (id = $2 OR external_id = $3)
          ORDER BY id = $2 DESC NULLS LAST LIMIT 1`;
        return (await client.query<{ id: string }>(text, [orgId, isUuid(given) ? given : null, given])).rows;
      });
      return rows[0]?.id;
    },

    /** Who has this id: a live row, by whichever of its ids, or a deleted one. Call under the organisation's lock. */
    async idTaken(tx: Transaction, given: string): Promise<"live" | "deleted" | "free"> {
      const own = isUuid(given) ? [{ id: given.toLowerCase() }] : [];
      const rows = await tx.credential.findMany({
        where: { orgId, OR: [{ externalId: given }, ...own] },
        select: { deletedAt: true },
      });
      return rows.some((row) => row.deletedAt === null) ? "live" : rows.length > 0 ? "deleted" : "free";
    },
  };
}

const nameTaken = async (tx: Transaction, orgId: string, nameKey: string, exceptId: string | null): Promise<boolean> =>
  (await tx.credential.findFirst({
    where: { orgId, nameKey, deletedAt: null, ...(exceptId && { id: { not: exceptId } }) },
    select: { id: true },
  })) !== null;
