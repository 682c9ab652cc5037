import "server-only";
import { createHash } from "node:crypto";
import type pg from "pg";
import type { Granted } from "@/lib/authorization/access";
import type { Miss, Write } from "@/lib/platform/audit";
import { inSight, type Sight, type Transaction, wholeOf, withConnection } from "@/lib/platform/db";
import { Refusal } from "@/lib/platform/refusal";
import { isUuid } from "@/lib/platform/uuid";
import { type CredentialRow, selectionOf } from "./columns";
import { GRANTED } from "./granted";
import { loader } from "./loader";

/** A row without what is sealed: enough to show it. */
export interface ListedRow extends CredentialRow<"list">, Granted {
  ownerName: string | null;
}

/** A live row as the core works on it. */
export interface Row extends ListedRow, CredentialRow<"edit"> {
  /** The organisation saves only tested values. */
  testRequired: boolean;
}

/** What a fetch needs, and no more. */
export interface SecretRow extends CredentialRow<"fetch">, Granted {}

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

const ROWS = "FROM credential_rows_in($1, $2, $3, $4) c";
const SHOW = `SELECT ${selectionOf("list")}, shown_name_of(c.org_id, c.owner_id) AS "ownerName", ${GRANTED} AS granted ${ROWS}`;
const READ = `SELECT ${selectionOf("edit")}, NULL AS "ownerName", test_required_in(c.org_id) AS "testRequired", ${GRANTED} AS granted ${ROWS}`;
const SECRET = `SELECT ${selectionOf("fetch")}, c.granted FROM secrets_in($1, $2, $3, $4) c`;

const loadRow = loader<Row>("credentials_find", READ);
const loadSecret = loader<SecretRow>("secrets_find", SECRET);
const loadShown = loader<ListedRow>("credentials_show", SHOW);

/** In the database's own spelling. @throws Refusal "invalid" when it is no UUID */
function known(id: string): string {
  if (!isUuid(id)) throw new Refusal("invalid", "Invalid credential ID");
  return id.toLowerCase();
}

/** As many as are sought one by one rather than found on a walk through all. */
const FEW = 1_000;

/** Of whom it is known that they reach more than a few, and until when that is taken for granted. */
const reachMany = new Map<string, number>();
const MANY_MS = 60_000;
const MANY_MAX = 10_000;
/** Somebody who reaches few by now takes the longer way for a minute, and sees the same. */
const isKnownToReachMany = ({ orgId, who }: Pick<Sight, "orgId" | "who">): boolean =>
  performance.now() < (reachMany.get(`${orgId} ${who}`) ?? 0);

/**
 * The ids of all credentials in sight where they are few, else undefined. What is out of sight is not shown in either case; this is
 * how the way there stays short for somebody who sees ten of a million.
 */
export async function reachedIds(client: pg.PoolClient, { orgId, who }: Sight): Promise<string[] | undefined> {
  if (who === "whole") return undefined;
  if (who === "nobody") return [];
  if (isKnownToReachMany({ orgId, who })) return undefined;
  const query = { name: "reached_ids", text: "SELECT reached_ids($1, $2) AS ids", values: [orgId, FEW] };
  const ids = (await client.query<{ ids: string[] | null }>(query)).rows[0]?.ids ?? undefined;
  if (reachMany.size >= MANY_MAX) reachMany.clear();
  if (ids === undefined) reachMany.set(`${orgId} ${who}`, performance.now() + MANY_MS);
  return ids;
}

/**
 * Lists that the index of their order answers are prepared, and kept to it: planning one anew, with all that row-level security adds,
 * costs more than reading it, and what the policies let through looks so little to the planner that it would rather sort everything. Those
 * with a search or filters are planned with these, since what they look for decides how.
 */
const IN_ORDER = { enable_sort: "off" } as const;
const PREPARED_LIMITS: ReadonlySet<number> = new Set([51, 101]);
const digest = (text: string) => createHash("sha256").update(text).digest("hex").slice(0, 16);

/**
 * The credentials of one organisation that somebody sees: the only way to the table. There is no way to make one without saying
 * whose and for whom; every statement carries both, and row-level security stands behind it. What is asked of all of them, such as
 * whether a name is free, is asked of those out of sight as well.
 */
export function credentialsOf(sight: Sight) {
  const { orgId } = sight;
  const inWhole = <T>(work: (tx: Transaction) => Promise<T>) => inSight(wholeOf(orgId), work);
  return {
    /**
     * A live row with its sealed data, in one prepared statement (a measured hot path); undefined when there is none.
     * @throws Refusal "invalid" when the id is no UUID
     */
    async find(id: string): Promise<Row | undefined> {
      return loadRow(sight, known(id));
    },

    /** The same, as it stands within a transaction that holds the organisation's lock and sees the same. */
    async findIn(tx: Transaction, id: string): Promise<Row | undefined> {
      const [row] = await tx.$queryRawUnsafe<(Omit<Row, "sealed"> & { sealed: Uint8Array })[]>(
        READ.replace("$1, $2, $3, $4", "$1::uuid, $2, $3, $4::uuid[]"),
        orgId,
        sight.who,
        sight.token,
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
      return loadSecret(sight, known(id));
    },

    /** What can be shown. */
    async show(id: string): Promise<ListedRow | undefined> {
      return loadShown(sight, known(id));
    },

    /** Rows by conditions of lib/credentials/list. @param isInOrder the order's index answers it, without a look at anything else */
    select(
      conditions: string[],
      order: string,
      values: unknown[],
      limit: number,
      isInOrder = false,
    ): Promise<ListedRow[]> {
      const isMany = sight.who === "whole" || isKnownToReachMany(sight);
      const isPrepared = isInOrder && isMany && PREPARED_LIMITS.has(limit);
      const read = async (client: pg.PoolClient) => {
        const ids = await reachedIds(client, sight);
        const among = ids ? [`c.id = ANY ($${values.length + 2})`] : [];
        const where = ["c.org_id = $1", "c.deleted_at IS NULL", ...conditions, ...among].join(" AND ");
        const text = `SELECT ${selectionOf("list")}, coalesce(u.name, u.email) AS "ownerName", ${GRANTED} AS granted
          FROM credential c LEFT JOIN user_account u ON u.org_id = c.org_id AND u.id = c.owner_id
          WHERE ${where} ORDER BY ${order} LIMIT ${Math.trunc(limit)}`;
        const name = isPrepared && !ids ? { name: `list_${digest(text)}` } : {};
        return (await client.query({ ...name, text, values: [orgId, ...values, ...(ids ? [ids] : [])] })).rows;
      };
      return withConnection(sight, read, isPrepared ? IN_ORDER : {});
    },

    async isNameTaken(nameKey: string, exceptId: string | null): Promise<boolean> {
      return (await this.takenNames([nameKey], exceptId)).size > 0;
    },

    /** Which of these names live credentials have, but for one. */
    async takenNames(nameKeys: string[], exceptId: string | null): Promise<Set<string>> {
      const where = { orgId, nameKey: { in: nameKeys }, deletedAt: null, ...(exceptId && { id: { not: exceptId } }) };
      const rows = await inWhole((tx) => tx.credential.findMany({ where, select: { nameKey: true } }));
      return new Set(rows.map((row) => row.nameKey));
    },

    /** The row's own id, by that id or by the one that its maker brought along; undefined when none is live and in sight. */
    async idOf(given: string): Promise<string | undefined> {
      const rows = await withConnection(sight, async (client) => {
        const text = `SELECT id FROM credential WHERE org_id = $1 AND deleted_at IS NULL AND (id = $2 OR external_id = $3)
          ORDER BY id = $2 DESC NULLS LAST LIMIT 1`;
        return (await client.query<{ id: string }>(text, [orgId, isUuid(given) ? given : null, given])).rows;
      });
      return rows[0]?.id;
    },

    /** Who has this id: a live row, by whichever of its ids, or a deleted one. */
    async idTaken(given: string): Promise<"live" | "deleted" | "free"> {
      const own = isUuid(given) ? [{ id: given.toLowerCase() }] : [];
      const where = { orgId, OR: [{ externalId: given }, ...own] };
      const rows = await inWhole((tx) => tx.credential.findMany({ where, select: { deletedAt: true } }));
      return rows.some((row) => row.deletedAt === null) ? "live" : rows.length > 0 ? "deleted" : "free";
    },
  };
}
