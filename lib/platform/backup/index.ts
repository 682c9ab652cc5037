import "server-only";

/**
 * A backup is one file: every row that is kept, as of one moment, as it is stored. It holds no key and opens nothing, and whoever
 * restores it needs the key. It is taken beside a running server and blocks nobody who reads or writes. Neither way goes past the
 * owner of the database: the application's role sees one organisation at a time.
 */
export { type BackupReport, backUp } from "./back-up";
export { checkBackup, type RestoreReport, restoreBackup } from "./restore";
