import "server-only";

/** The same server software, tested in the same way. */
export { connection } from "../postgresql/connection";
