import "server-only";
import { createHash } from "node:crypto";
import { wholeOf, withConnection } from "@/lib/platform/db";
import type { CredentialData, CredentialType } from "@/lib/providers/define";
import { isOwnKindId } from "@/lib/providers/own-id";
import { clearColumns } from "./describe";
import { methodOfRow } from "./methods";
import { canonical, openIfWhole, sealedHash } from "./sealed-data";

/** Why a stored credential is not what the audit log says it is. */
export interface RowProblem {
  credentialId: string;
  /** The last event that says which ciphertext it has. */
  event: string | null;
  problem:
    | "stale_ciphertext"
    /** No event speaks of its ciphertext. */
    | "unrecorded"
    | "does_not_open"
    /** What is shown in clear is not what is sealed. */
    | "clear_part_differs";
}

interface StoredRow {
  id: string;
  orgId: string;
  provider: string;
  type: CredentialType;
  sealedVersion: number;
  keyId: string;
  sealed: Buffer;
  config: CredentialData;
  summary: string;
  seq: string | null;
  hash: Buffer | null;
  rewrapped: boolean;
}

const PAGE = 200;
/** Problems of one organisation that are named. */
const NAMED_MAX = 1_000;

/** Row and event come from one snapshot: they are written together. */
const ROWS = `SELECT c.id, c.org_id AS "orgId", c.provider, c.type, c.sealed_version AS "sealedVersion", c.key_id AS "keyId",
    c.sealed, c.config, c.summary, e.seq::text AS seq, e.sealed_hash AS hash,
    length(e.sealed_hash) = 32 AND EXISTS (SELECT 1 FROM audit_event r
      WHERE r.org_id = c.org_id AND r.action = 'key.rotated' AND r.seq > e.seq) AS rewrapped
  FROM credential c LEFT JOIN LATERAL (SELECT seq, sealed_hash FROM audit_event e
    WHERE e.org_id = c.org_id AND e.target_id = c.id::text AND e.sealed_hash IS NOT NULL ORDER BY seq DESC LIMIT 1) e ON true
  WHERE c.org_id = $1 AND c.sealed IS NOT NULL AND c.id > $2 ORDER BY c.id LIMIT ${PAGE}`;

/**
 * Compares every credential of an organisation with the last event that speaks of its ciphertext, and what is kept of it
 * in clear with what opens. Reads in pages; no value leaves it.
 */
export async function verifyRows(orgId: string): Promise<RowProblem[]> {
  const problems: RowProblem[] = [];
  let after = "00000000-0000-0000-0000-000000000000";
  for (;;) {
    const rows = await withConnection(
      wholeOf(orgId),
      async (client) => (await client.query<StoredRow>(ROWS, [orgId, after])).rows,
    );
    for (const row of rows) {
      const problem = problemOf(row);
      if (problem) problems.push({ credentialId: row.id, event: row.seq, problem });
      if (problems.length >= NAMED_MAX) return problems;
    }
    const last = rows.at(-1);
    if (!last || rows.length < PAGE) return problems;
    after = last.id;
  }
}

function problemOf(row: StoredRow): RowProblem["problem"] | undefined {
  if (!row.hash) return "unrecorded";
  if (!vouches(row.hash, row)) return "stale_ciphertext";
  const data = openIfWhole(row, row.sealed);
  if (!data) return "does_not_open";
  if (isOwnKindId(row.provider)) return shownAsSealed(row, data) ? undefined : "clear_part_differs";
  const { config, summary } = clearColumns(methodOfRow(row, row.type), data);
  return canonical(config) === canonical(row.config) && summary === row.summary ? undefined : "clear_part_differs";
}

/**
 * The definition of an organisation's own kind may have another version than the row was made by, and with it another summary; what is
 * shown of a value is that value all the same. Two facts are made of a URL.
 */
const shownAsSealed = ({ config }: StoredRow, data: CredentialData): boolean =>
  Object.entries(config).every(([name, value]) => data[name] === value || ["host", "url"].includes(name));

/** Hashes of before 28 November 2026 covered the wrapped key too: after a key rotation they say nothing any more. */
function vouches(hash: Buffer, { sealed, rewrapped }: StoredRow): boolean {
  if (hash.length !== 32) return hash.equals(sealedHash(sealed));
  return rewrapped || hash.equals(createHash("sha256").update(sealed).digest());
}
