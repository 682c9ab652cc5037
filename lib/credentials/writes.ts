import "server-only";
import type { Write } from "@/lib/platform/audit";
import type { Sight } from "@/lib/platform/db";
import { valuesOf } from "./columns";
import type { NewRow, Update } from "./repository";
import type { StoredTestRun } from "./test-runs";

/**
 * The writes of credentials, in the form in which the journal hands them to the database (`apply_write` in prisma/functions): clear
 * values by the names of the columns, and the ciphertext apart. A test that belongs to a write is stored with it or not at all.
 */
export const createWrite = (row: NewRow, test?: StoredTestRun): Write => ({
  kind: "create",
  ...valuesOf("create", row),
  ...(test && { test }),
});

/** Whose a write is: it is done if it is still theirs to do when it is written. Left out: nobody's, and done. */
const asked = (by: Sight | undefined) => by && { who: by.who, token: by.token };

/** An update, if the row is still at the version that it was made from. */
export function updateWrite(
  update: Update,
  { test, by }: { test?: StoredTestRun | undefined; by?: Sight } = {},
): Write {
  const { id, expected, expectedSealed, rotation, sameVersion, withheld, sealed, keyId } = update;
  return {
    kind: "update",
    ...valuesOf("change", update),
    ...{ id, expected, expectedSealed, rotation, sameVersion, withheld },
    ...(sealed && { sealed, keyId }),
    ...(test && { test }),
    ...asked(by),
  };
}

/**
 * A deletion of the row as it is at that version. With `revocation` it leaves its ciphertext, for what is to be ended at the
 * provider.
 */
export const deleteWrite = (
  row: { id: string; version: number },
  { at, by, revocation, sight }: { at: Date; by: string; revocation: boolean; sight: Sight },
): Write => ({
  kind: "delete",
  id: row.id,
  expected: row.version,
  at,
  modifiedBy: by,
  ...(revocation && { revocation }),
  ...asked(sight),
});

/** What a test says of the sealed version that it looked at. */
export interface Health {
  outcome: string;
  reason: string | null;
  at: Date;
  version: number;
}

/** A test of a stored credential, and its health where what was tested is what is stored. */
export const testWrite = (id: string, test: StoredTestRun, health: Health | undefined): Write => ({
  kind: "test",
  id,
  test,
  ...(health && { health }),
});
