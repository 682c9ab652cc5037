import "server-only";
import type { Values } from "../mapping";
import { refuseInput } from "../refuse-input";
import { textIn } from "../text";
import { type FernetKey, looksLikeFernet, openFernet } from "./fernet";

/** A row's fields with what was encrypted in them opened; or which of them stay closed, and why. */
export type DecryptionResult =
  | { ok: true; value: Values; notes: string[]; wasEncrypted: boolean }
  | { ok: false; why: "no_key" | "key"; fields: string[] };

/** Airflow encrypts these two, each with a flag of its own beside it. */
const SEALED = { password: "is_encrypted", extra: "is_extra_encrypted" } as const;

/**
 * What an entry holds, decrypted. A flag alone says nothing, since some exports print it beside the decrypted value: only a
 * value in the form of a token is opened. One that has no flag is left as it came where the key does not open it.
 */
export function opened(value: Values, keys: FernetKey[]): DecryptionResult {
  const tokens = Object.entries(SEALED).filter(([name]) => looksLikeFernet(textIn(value[name]) ?? ""));
  const read = tokens.map(([name, flag]) => ({
    name,
    flagged: isSet(value[flag]),
    text: openFernet(textIn(value[name]) ?? "", keys),
  }));
  const closed = read.filter(({ flagged, text }) => flagged && text === undefined).map(({ name }) => name);
  if (closed.length > 0) return { ok: false, why: keys.length === 0 ? "no_key" : "key", fields: closed };
  const plain = read.filter(({ text }) => text !== undefined);
  const odd = read.filter(({ text }) => text === undefined).map(({ name }) => name);
  return {
    ok: true,
    value: { ...value, ...Object.fromEntries(plain.map(({ name, text }) => [name, text])) },
    notes: odd.map(
      (name) =>
        `Its ${name} looks as if Airflow had encrypted it, though the export does not say so. It was taken as it stands: give Airflow's Fernet key, or enter the value.`,
    ),
    wasEncrypted: plain.length > 0,
  };
}

/** As databases and Python write it. */
const isSet = (flag: unknown) =>
  flag === true || flag === 1 || (typeof flag === "string" && /^(?:true|t|1)$/i.test(flag));

/** A key that is in no key's form, where there is something to open. */
export const malformedKey = () =>
  refuseInput(
    "The key is not in Airflow's form, and nothing was imported",
    "key",
    "A Fernet key is 44 characters that end in =; several are separated by commas. It is fernet_key in airflow.cfg, or the setting AIRFLOW__CORE__FERNET_KEY.",
    "malformed_key",
  );

export const wrongKey = (locked: number) =>
  refuseInput(
    "The key is not the right one, and nothing was imported",
    "key",
    `It does not open ${locked === 1 ? "the one encrypted connection" : `any of the ${locked} encrypted connections`} of this export. Use the key that Airflow runs with; after a rotation, all of its keys with commas between them.`,
    "wrong_key",
  );
