import "server-only";
import { clock } from "@/lib/platform/clock";
import { nameKey } from "@/lib/platform/names";
import type { CredentialData, CredentialType, Method } from "@/lib/providers/define";
import { clearColumns, searchText, secretInfo } from "./describe";
import { methodOfRow } from "./methods";
import type { Row, Update } from "./repository";
import { type SealedData, sealData } from "./sealed-data";
import { withheldNames } from "./withheld";

/** What becomes of a row, whoever has it changed: a person, a renewal of access, a rotation. */
interface Change {
  by: string;
  /** The data before, undefined where they do not open, and after. Left out, nobody knows them, and what follows from them stays. */
  data?: { before: CredentialData | undefined; after: CredentialData };
  type?: CredentialType;
  /** What it is made by before and after, where the catalogue alone does not say. */
  methods?: { before: Method; after: Method };
  named?: Partial<Pick<Row, "name" | "tags" | "active" | "expiresAt">>;
  /** What does not follow from the rest. */
  also?: Partial<Update>;
}

/** The row with a change of what is in clear; the sealed data stay as they are. */
export function changeOf(row: Row, { by, data, type = row.type, methods, named = {}, also = {} }: Change): Update {
  const { sealed: _, keyId: __, ...stored } = row;
  const { before: methodBefore, after: method } = methods ?? {
    before: methodOfRow(row, row.type),
    after: methodOfRow(row, type),
  };
  const clear = data ? clearColumns(method, data.after) : { refreshAt: null };
  const next = { ...stored, ...named, ...clear, type };
  const before = data?.before && { data: data.before, info: row.secretInfo };
  return {
    ...next,
    expected: row.version,
    expectedSealed: row.sealedVersion,
    nameKey: next.name === row.name ? row.nameKey : nameKey(next.name),
    search: searchText(next),
    secretInfo: data ? secretInfo(method, before, data.after, by) : row.secretInfo,
    withheld: withheldNames(
      { method: methodBefore, data: data?.before, clear: row },
      { method, data: data?.after, clear: next },
    ),
    updatedAt: clock.now(),
    modifiedBy: by,
    ...also,
  };
}

/** The same with the data sealed anew, under the next version of theirs. What somebody had to sign in for is over. */
export function resealedChange(row: Row, change: Change & Required<Pick<Change, "data">>): Update & SealedData {
  const { data, type = row.type, also = {} } = change;
  const sealedVersion = row.sealedVersion + 1;
  const sealed = sealData({ ...row, type, sealedVersion }, data.after);
  return { ...changeOf(row, change), needsReauth: false, sealedVersion, ...sealed, ...also };
}
