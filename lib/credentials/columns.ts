import type { CredentialData, CredentialType } from "@/lib/providers/define";

/**
 * The row of a credential, described once: each column by its name in the code (the database has the same in snake case), its type
 * there, and what uses it. What is selected, what is written, the rows' types and the view follow from here.
 *
 * A new column is a migration, a line of `schema.prisma` and one here. For people to set it: `input.ts`, `change-row.ts` (`named`),
 * `update.ts` (`namedPart`, `changedClear`), what the dialects read and present, and `components/feeds/credential.ts`. For its old and new to be in
 * the history: `plain_values` in `prisma/functions/plain-changes.sql`, and `withheld.ts`.
 *
 *   view    answers and pages show it, times as ISO text
 *   list    lists and single looks select it
 *   edit    the core selects it to work on the row
 *   fetch   the fetch of a secret selects it
 *   create  a new row has it
 *   change  a change writes it
 *   reseal  a change writes it when the data are sealed anew
 */
type Use = "view" | "list" | "edit" | "fetch" | "create" | "change" | "reseal";

/** As TypeScript has a column of that type; with a question mark it may be null. */
interface Types {
  uuid: string;
  text: string;
  "text[]": string[];
  integer: number;
  boolean: boolean;
  timestamptz: Date;
  jsonb: unknown;
  bytea: Buffer;
}
type SqlType = keyof Types | `${keyof Types}?`;

const column = <T extends SqlType, const U extends readonly Use[]>(type: T, ...uses: U) => ({ type, uses });

const selected = ["list", "edit"] as const;
const shown = ["view", ...selected] as const;
const written = ["create", "change"] as const;

export const credentialColumns = {
  orgId: column("uuid", "edit", "fetch"),
  id: column("uuid", ...shown, "fetch", "create"),
  externalId: column("text?", ...shown, "create"),
  ownerId: column("uuid?", ...shown, "create"),
  provider: column("text", ...shown, "fetch", "create"),
  type: column("text", ...shown, "fetch", ...written),
  name: column("text", ...shown, "fetch", ...written),
  nameKey: column("text", ...selected, ...written),
  tags: column("text[]", ...shown, ...written),
  summary: column("text", ...shown, ...written),
  search: column("text", ...written),
  config: column("jsonb", ...shown, ...written),
  secretInfo: column("jsonb", ...selected, ...written),
  accountEmail: column("text?", ...shown, ...written),
  sealed: column("bytea", "edit", "fetch", "create", "reseal"),
  keyId: column("text", "edit", "fetch", "create", "reseal"),
  version: column("integer", ...shown, "fetch"),
  sealedVersion: column("integer", ...selected, "fetch", "change"),
  active: column("boolean", ...shown, "fetch", "change"),
  needsReauth: column("boolean", ...selected, "change"),
  expiresAt: column("timestamptz?", ...shown, ...written),
  tokenExpiresAt: column("timestamptz?", ...shown, ...written),
  health: column("text?", ...selected, ...written),
  healthReason: column("text?", ...selected, ...written),
  healthAt: column("timestamptz?", ...selected, ...written),
  healthVersion: column("integer?", ...selected, ...written),
  lastUsedAt: column("timestamptz?", ...shown),
  createdAt: column("timestamptz", ...shown, "create"),
  updatedAt: column("timestamptz", ...shown, ...written),
  modifiedBy: column("text", ...shown, ...written),
  refreshAt: column("timestamptz?", "edit", ...written),
  // The database's own: a deletion and the lease of a renewal write them there.
  deletedAt: column("timestamptz?"),
  refreshLease: column("uuid?"),
  refreshLeaseUntil: column("timestamptz?"),
  refreshRetryAt: column("timestamptz?"),
  refreshFailures: column("integer"),
} satisfies Record<string, { type: SqlType; uses: readonly Use[] }>;

/** Where the database holds more kinds of values than there are. */
interface Narrower {
  type: CredentialType;
  config: CredentialData;
  /** Per secret field that is set. */
  secretInfo: Record<string, SecretInfo>;
}

/** When and by whom a secret was set. */
export type SecretInfo = { setAt: string; setBy: string };

type Columns = typeof credentialColumns;
type Name = keyof Columns;
type UsedBy<U extends Use> = { [N in Name]: U extends Columns[N]["uses"][number] ? N : never }[Name];
type ValueOf<T extends SqlType> = T extends keyof Types
  ? Types[T]
  : T extends `${infer B extends keyof Types}?`
    ? Types[B] | null
    : never;

/** The part of the row that a use has to do with. */
export type CredentialRow<U extends Use> = {
  [N in UsedBy<U>]: N extends keyof Narrower ? Narrower[N] : ValueOf<Columns[N]["type"]>;
};

/** The names of the columns of a use. */
export const namesOf = <U extends Use>(use: U): UsedBy<U>[] =>
  (Object.keys(credentialColumns) as Name[]).filter((name): name is UsedBy<U> =>
    (credentialColumns[name].uses as readonly Use[]).includes(use),
  );

/** What the column is called in the database. */
export const sqlNameOf = (name: Name): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** The type of the column in the database. */
export const sqlTypeOf = (name: Name): string => credentialColumns[name].type.replace("?", "");

/** What a use selects of the row that is called `c`, by the names of the code. */
export const selectionOf = (use: Use): string =>
  namesOf(use)
    .map((name) => (sqlNameOf(name) === name ? `c.${name}` : `c.${sqlNameOf(name)} AS "${name}"`))
    .join(", ");

/** Those values of a row that a use has to do with. */
export const valuesOf = <U extends Use>(use: U, row: CredentialRow<U>): CredentialRow<U> =>
  Object.fromEntries(namesOf(use).map((name) => [name, row[name]])) as CredentialRow<U>;
