import { spawnSync } from "node:child_process";
import { randomBytes, randomUUID } from "node:crypto";
import initSqlJs from "sql.js";

/** A row of Flowise's table as it documents it. */
export interface FlowiseRow {
  id: string;
  name: string;
  credentialName: string;
  encryptedData: string | null;
  createdDate: string;
  updatedDate: string;
  workspaceId: string | null;
}

/** What `encryption.key` holds: 24 random bytes in base64. */
export const flowiseKey = (): string => randomBytes(24).toString("base64");

/** Encrypts as Flowise does, by OpenSSL's own command line: an implementation of the format that is not ours. */
export function encryptLikeFlowise(values: unknown, key: string): string {
  const text = typeof values === "string" ? values : JSON.stringify(values);
  const args = ["enc", "-aes-256-cbc", "-md", "md5", "-base64", "-A", "-salt", "-pass", "stdin"];
  // The first line is the passphrase, the rest what is encrypted.
  const { status, stdout } = spawnSync("openssl", args, { input: `${key}\n${text}`, encoding: "utf8" });
  if (status !== 0) throw new Error("openssl did not encrypt");
  return stdout.trim();
}

/** A credential as Flowise stores it. */
export const flowiseRow = (values: unknown, key: string, more: Partial<FlowiseRow> = {}): FlowiseRow => ({
  id: randomUUID(),
  name: `Key ${randomUUID()}`,
  credentialName: "openAIApi",
  encryptedData: encryptLikeFlowise(values, key),
  createdDate: "2024-03-01 10:20:30",
  updatedDate: "2024-05-06 07:08:09",
  workspaceId: null,
  ...more,
});

export const FLOWISE_TABLES = `
  CREATE TABLE credential (id varchar PRIMARY KEY NOT NULL, name varchar NOT NULL, "credentialName" varchar NOT NULL,
    "encryptedData" text, "createdDate" timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedDate" timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP, "workspaceId" text);
  CREATE TABLE workspace (id varchar PRIMARY KEY NOT NULL, name varchar NOT NULL);`;

export const FLOWISE_INSERT = `INSERT INTO credential
  (id, name, "credentialName", "encryptedData", "createdDate", "updatedDate", "workspaceId")`;

export const columnsOf = (row: FlowiseRow) => [
  row.id,
  row.name,
  row.credentialName,
  row.encryptedData,
  row.createdDate,
  row.updatedDate,
  row.workspaceId,
];

/** The file `database.sqlite` of a Flowise with these credentials. */
export async function flowiseDatabase(
  rows: FlowiseRow[],
  { workspaces = {} }: { workspaces?: Record<string, string> } = {},
): Promise<Uint8Array> {
  const { Database } = await initSqlJs();
  const database = new Database();
  database.exec(FLOWISE_TABLES);
  for (const row of rows) database.run(`${FLOWISE_INSERT} VALUES (?, ?, ?, ?, ?, ?, ?)`, columnsOf(row));
  for (const [id, name] of Object.entries(workspaces)) database.run("INSERT INTO workspace VALUES (?, ?)", [id, name]);
  const bytes = database.export();
  database.close();
  return bytes;
}
