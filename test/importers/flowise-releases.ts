import type { FlowiseRow } from "./flowise";

/** The tables of Flowise's releases as far as they are read, in each database that it runs on, in the words of its migrations. */
export const releases = ["1.x", "2.x", "3.x"] as const;
export type Release = (typeof releases)[number];
export type Database = "sqlite" | "postgres" | "mysql";

interface Words {
  quote: (name: string) => string;
  id: string;
  name: string;
  text: string;
  time: string;
}

const words: Record<Database, Words> = {
  sqlite: {
    quote: (name) => `"${name}"`,
    id: "varchar PRIMARY KEY NOT NULL",
    name: "varchar NOT NULL",
    text: "text",
    time: "datetime NOT NULL DEFAULT (datetime('now'))",
  },
  postgres: {
    quote: (name) => `"${name}"`,
    id: "uuid NOT NULL DEFAULT gen_random_uuid() PRIMARY KEY",
    name: "varchar NOT NULL",
    text: "text",
    time: "timestamp NOT NULL DEFAULT now()",
  },
  mysql: {
    quote: (name) => `\`${name}\``,
    id: "varchar(36) NOT NULL PRIMARY KEY",
    name: "varchar(255) NOT NULL",
    text: "text",
    time: "datetime(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6)",
  },
};

/** Workspaces came with 3. */
const hasWorkspaces = (release: Release) => release === "3.x";

export function schemaOf(release: Release, database: Database): string[] {
  const { quote, id, name, text, time } = words[database];
  const columns = [
    `${quote("id")} ${id}`,
    `${quote("name")} ${name}`,
    `${quote("credentialName")} ${name}`,
    `${quote("encryptedData")} ${text} NOT NULL`,
    `${quote("createdDate")} ${time}`,
    `${quote("updatedDate")} ${time}`,
    ...(hasWorkspaces(release) ? [`${quote("workspaceId")} ${text}`] : []),
  ];
  const workspace = `CREATE TABLE workspace (${quote("id")} ${id}, ${quote("name")} ${name}, ${quote("description")} ${text})`;
  return [`CREATE TABLE credential (${columns.join(", ")})`, ...(hasWorkspaces(release) ? [workspace] : [])];
}

/** The statement that stores a row, with `?` for each value, and the values. */
export function insertOf(
  release: Release,
  database: Database,
  row: FlowiseRow,
): { sql: string; values: (string | null)[] } {
  const names = ["id", "name", "credentialName", "encryptedData", "createdDate", "updatedDate"] as const;
  const all = [...names, ...(hasWorkspaces(release) ? (["workspaceId"] as const) : [])];
  const columns = all.map((name) => words[database].quote(name)).join(", ");
  return {
    sql: `INSERT INTO credential (${columns}) VALUES (${all.map(() => "?").join(", ")})`,
    values: all.map((name) => row[name]),
  };
}
