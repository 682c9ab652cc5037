import "server-only";
import { Refusal } from "@/lib/platform/refusal";
import { ROWS_MAX } from "../define";

/** A database that can be asked, whichever kind it is. Every kind understands the questions asked here. */
export interface Tables {
  /** What text is cast to there. */
  text: "TEXT" | "CHAR";
  /** Names of a table's columns; none when there is no such table. */
  columns: (table: string) => Promise<string[]>;
  rows: (sql: string) => Promise<Record<string, unknown>[]>;
}

/** A row of Flowise's table. What is not text there is null. */
export interface StoredRow {
  id: string | null;
  name: string | null;
  kind: string | null;
  encrypted: string | null;
  createdAt: Date | undefined;
  updatedAt: Date | undefined;
  workspaceId: string | null;
}

export interface StoredCredential {
  rows: StoredRow[];
  workspaces: { id: string; name: string | null }[];
}

/** More than this is no credential; it is left out as unreadable. */
const ENCRYPTED_MAX = 1_000_000;

/** @throws Refusal "invalid" when this is not Flowise's database, "too_large" past the most rows that are read */
export async function readTables(tables: Tables): Promise<StoredCredential> {
  const columns = await tables.columns("credential");
  if (!["id", "name", "credentialName", "encryptedData"].every((name) => columns.includes(name))) {
    throw new Refusal("invalid", "This is not a Flowise database: it has no table credential as Flowise makes it");
  }
  const rows = await tables.rows(select(columns, tables.text));
  if (rows.length > ROWS_MAX) {
    throw new Refusal("too_large", `The database holds more than ${ROWS_MAX} credentials, which is more than is read`);
  }
  return { rows: rows.map(storedRow), workspaces: await workspacesIn(tables) };
}

/** Columns that older versions lack are read as nothing. SQLite would take the name of a missing one for a text. */
function select(columns: string[], type: Tables["text"]): string {
  const text = (name: string) => (columns.includes(name) ? `CAST("${name}" AS ${type})` : "NULL");
  const order = columns.includes("createdDate") ? '"createdDate", "id"' : '"id"';
  return `SELECT ${text("id")} AS id, ${text("name")} AS name, ${text("credentialName")} AS kind,
    CASE WHEN length("encryptedData") <= ${ENCRYPTED_MAX} THEN ${text("encryptedData")} END AS encrypted,
    ${text("createdDate")} AS created, ${text("updatedDate")} AS updated, ${text("workspaceId")} AS workspace
    FROM credential ORDER BY ${order} LIMIT ${ROWS_MAX + 1}`;
}

function storedRow(row: Record<string, unknown>): StoredRow {
  return {
    id: textOf(row.id),
    name: textOf(row.name),
    kind: textOf(row.kind),
    encrypted: textOf(row.encrypted),
    createdAt: dateOf(row.created),
    updatedAt: dateOf(row.updated),
    workspaceId: textOf(row.workspace) || null,
  };
}

async function workspacesIn(tables: Tables): Promise<StoredCredential["workspaces"]> {
  const columns = await tables.columns("workspace");
  if (!columns.includes("id") || !columns.includes("name")) return [];
  const rows = await tables.rows(
    `SELECT CAST("id" AS ${tables.text}) AS id, CAST("name" AS ${tables.text}) AS name FROM workspace LIMIT ${ROWS_MAX}`,
  );
  return rows.flatMap(({ id, name }) => (typeof id === "string" ? [{ id, name: textOf(name) }] : []));
}

const textOf = (value: unknown) => (typeof value === "string" ? value : null);

const DATE = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d(?:\.\d{1,6})?)(Z|[+-]\d\d(?::?\d\d)?)?$/;

/** Flowise writes UTC without saying so. */
function dateOf(value: unknown): Date | undefined {
  const [, day, time, zone = "Z"] = DATE.exec(textOf(value) ?? "") ?? [];
  if (!day || !time) return undefined;
  const at = new Date(`${day}T${time.slice(0, 12)}${/^[+-]\d\d$/.test(zone) ? `${zone}:00` : zone}`);
  return Number.isNaN(at.getTime()) ? undefined : at;
}
