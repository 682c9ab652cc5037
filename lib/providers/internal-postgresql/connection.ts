import "server-only";
import { defineConnection } from "../define-connection";
import { connection as postgresql } from "../postgresql/connection";
import { makeDatabase } from "./make-database";

/** The same server software, tested in the same way; and the platform makes databases on it. */
export const connection = defineConnection({
  ...postgresql,
  operations: { make_database: makeDatabase },
});
