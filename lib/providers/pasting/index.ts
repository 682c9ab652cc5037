import type { PasteResult } from "../define";
import { readAddress } from "./address";
import { readDockerConfig } from "./docker-config";
import { readGoogleKey } from "./google-key";
import type { PasteReader } from "./names";
import { readNetrc } from "./netrc";
import { readNpmrc } from "./npmrc";
import { readOracle } from "./oracle";
import { intoFields, type Reader } from "./read";
import { readSettings } from "./settings";
import { readSqlServer } from "./sql-server";

/** One way in which people have a credential in one piece, as a kind's file says it. */
export type PasteUse =
  /** By field: the names that it goes by in files of settings, in variables of a shell, in JSON. */
  | { settings: Readonly<Record<string, readonly string[]>> }
  | {
      reader: PasteReader;
      /** By the reader's own names: the fields that they go to. */
      values: Readonly<Record<string, string>>;
      /** Of `address`: the schemes that are taken, and what each says of TLS, if anything. */
      schemes?: Readonly<Record<string, string>> | undefined;
    };

const readers: Record<PasteReader, Reader> = {
  address: readAddress,
  sql_server: readSqlServer,
  oracle: readOracle,
  google_key: readGoogleKey,
  npmrc: readNpmrc,
  docker_config: readDockerConfig,
  netrc: readNetrc,
};

/** Longest text that is read, in characters: more than any key file, settings file or connection string. */
const TEXT_MAX = 64 * 1024;

/** Reads a pasted text in the first of these ways that it is written in; undefined where it is in none. Safe for the browser. */
export function readPaste(uses: readonly PasteUse[], text: string): PasteResult | undefined {
  if (text.length > TEXT_MAX) return { ok: false, problem: "Must be at most 64 KiB" };
  let refused: PasteResult | undefined;
  for (const use of uses) {
    const found = "settings" in use ? readSettings(use.settings, text) : readers[use.reader](text, use.schemes ?? {});
    if (found === undefined) continue;
    const pasted = intoFields(found, "settings" in use ? sameNames(use.settings) : use.values);
    if (pasted.ok) return pasted;
    refused ??= pasted;
  }
  return refused;
}

const sameNames = (settings: object) => Object.fromEntries(Object.keys(settings).map((name) => [name, name]));
