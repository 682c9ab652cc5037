import { randomUUID } from "node:crypto";
import pg from "pg";
import type { Postgres } from "../test/servers/postgres";

/** A user of its own on the server, so that nobody else's password is rotated away. */
export async function newDatabaseUser({ query, host, port, database }: Postgres) {
  const username = `r_${randomUUID().replaceAll("-", "")}`;
  const password = `first-${randomUUID()}`;
  await query(`CREATE ROLE ${username} LOGIN PASSWORD '${password}'`);
  const signsIn = async (with_: string) => {
    const client = new pg.Client({ host, port, database, user: username, password: with_ });
    return client.connect().then(
      () => client.end().then(() => true),
      () => false,
    );
  };
  return { credentials: { host, port, database, username, password }, signsIn };
}
