/**
 * The readers of pasted texts that there is code for, and what each finds in one. A file of the catalogue names a reader, and the
 * field of its kind for each of these values that it has a place for.
 */
export const pasteReaderValues = {
  address: ["host", "port", "user", "password", "path", "tls"],
  sql_server: ["host", "port", "database", "user", "password"],
  oracle: ["host", "port", "service", "sid", "user", "password", "tls"],
  google_key: ["client_email", "private_key", "private_key_id", "project_id"],
  npmrc: ["registry", "token"],
  docker_config: ["registry", "user", "password"],
  netrc: ["address", "user", "password"],
} as const satisfies Record<string, readonly string[]>;

export type PasteReader = keyof typeof pasteReaderValues;
export const pasteReaders = Object.keys(pasteReaderValues) as [PasteReader, ...PasteReader[]];
