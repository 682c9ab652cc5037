import { randomUUID } from "node:crypto";
import { createConnection } from "mysql2/promise";
import pg from "pg";
import initSqlJs from "sql.js";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Network } from "@/lib/providers/define-connection";
import { type FlowiseRow, flowiseKey, flowiseRow } from "@/test/importers/flowise";
import { type Database, insertOf, type Release, releases, schemaOf } from "@/test/importers/flowise-releases";
import { loopback } from "@/test/importers/loopback";
import { type Mariadb, startMariadb } from "@/test/servers/mariadb";
import type { SourceInput } from "../define";
import { read } from "./source";

const key = flowiseKey();

let mariadb: Mariadb;
let owner: pg.Client;
const made: string[] = [];
beforeAll(async () => {
  owner = new pg.Client({ connectionString: process.env.TEST_OWNER_DATABASE_URL });
  [mariadb] = await Promise.all([startMariadb({ tls: false }), owner.connect()]);
});
afterAll(async () => {
  for (const name of made) await owner.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
  for (const name of made) await owner.query(`DROP ROLE IF EXISTS ${readerOf(name)}`);
  await owner.end();
  await mariadb.stop();
});

const readerOf = (name: string) => `reader_${name.slice(8, 20)}`;
const newName = () => `flowise_${randomUUID().replaceAll("-", "")}`;

/** A database of each kind as this release makes it, with these rows; what it is read from. */
const stores: Record<Database, (release: Release, rows: FlowiseRow[]) => Promise<SourceInput["content"]>> = {
  async sqlite(release, rows) {
    const { Database } = await initSqlJs();
    const database = new Database();
    for (const sql of schemaOf(release, "sqlite")) database.run(sql);
    for (const row of rows) {
      const { sql, values } = insertOf(release, "sqlite", row);
      database.run(sql, values);
    }
    return { bytes: database.export() };
  },
  async postgres(release, rows) {
    const name = newName();
    made.push(name);
    await owner.query(`CREATE DATABASE ${name}`);
    const address = Object.assign(new URL(process.env.TEST_OWNER_DATABASE_URL ?? ""), { pathname: `/${name}` }).href;
    const client = new pg.Client({ connectionString: address });
    await client.connect();
    for (const sql of schemaOf(release, "postgres")) await client.query(sql);
    for (const row of rows) {
      const { sql, values } = insertOf(release, "postgres", row);
      let at = 0;
      await client.query(
        sql.replace(/\?/g, () => `$${++at}`),
        values,
      );
    }
    const reader = readerOf(name);
    await client.query(`CREATE ROLE ${reader} LOGIN PASSWORD 'pw-of-the-reader'`);
    await client.query(`GRANT SELECT ON ALL TABLES IN SCHEMA public TO ${reader}`);
    await client.end();
    const { host } = owner;
    return { address: `postgresql://${reader}:pw-of-the-reader@${host}:${owner.port}/${name}` };
  },
  async mysql(release, rows) {
    const name = newName();
    const admin = await asRoot();
    await admin.query(`CREATE DATABASE ${name}`);
    await admin.query(`USE ${name}`);
    for (const sql of schemaOf(release, "mysql")) await admin.query(sql);
    for (const row of rows) {
      const { sql, values } = insertOf(release, "mysql", row);
      await admin.query(sql, values);
    }
    await admin.query(`GRANT SELECT ON ${name}.* TO '${mariadb.user}'@'%'`);
    await admin.end();
    return { address: `mysql://${mariadb.user}:${mariadb.password}@localhost:${mariadb.port}/${name}` };
  },
};
const asRoot = () => createConnection({ host: "127.0.0.1", port: mariadb.port, user: "root" });

test.each(
  releases.flatMap((release) => (["sqlite", "postgres", "mysql"] as const).map((kind) => [release, kind] as const)),
)("the credentials of Flowise %s in %s come with ids, names, dates and values", async (release, kind) => {
  const workspaceId = release === "3.x" ? randomUUID() : null;
  const rows = [
    flowiseRow({ openAIApiKey: "sk-first" }, key, { name: "Ünï — one", workspaceId }),
    flowiseRow({ redisCacheHost: "r.example.com", redisCachePwd: "p" }, key, {
      credentialName: "redisCacheApi",
      createdDate: "2024-04-01 10:20:30",
      workspaceId,
    }),
  ];
  const found = await read({ content: await stores[kind](release, rows), key, network: loopback });
  expect(found).toMatchObject([
    {
      id: rows[0]?.id,
      name: "Ünï — one",
      createdAt: new Date("2024-03-01T10:20:30Z"),
      updatedAt: new Date("2024-05-06T07:08:09Z"),
      found: { provider: "openAIApi", data: { openAIApiKey: "sk-first" } },
    },
    { id: rows[1]?.id, found: { provider: "redisCacheApi", data: { redisCacheHost: "r.example.com" } } },
  ]);
});

const refused = (text: string | RegExp) =>
  expect.objectContaining({
    name: "Refusal",
    code: "invalid",
    fields: [expect.objectContaining({ path: ["address"], message: expect.stringMatching(text) })],
  });

test("a MySQL that may not be reached, opened or read is refused with what to do", async () => {
  const { address = "" } = (await stores.mysql("2.x", [flowiseRow({ a: "b" }, key)])) as { address: string };
  const readAt = (at: string, more: Partial<Network> = {}) =>
    read({ content: { address: at }, key, network: { ...loopback, ...more } });
  await expect(readAt(address, { policy: { allow: [], selfEndpoints: [] } })).rejects.toEqual(
    refused("OUTBOUND_ALLOW="),
  );
  await expect(readAt(address.replace(mariadb.password, "planted"))).rejects.toEqual(
    refused(/^(?!.*planted).*user name and password/),
  );
  await expect(readAt(address.replace(/\/[^/]*$/, "/mysql"))).rejects.toEqual(refused("GRANT SELECT"));
  await expect(readAt(`${address}?ssl-mode=REQUIRED`)).rejects.toEqual(refused("does not offer encryption"));
  const admin = await asRoot();
  const empty = newName();
  await admin.query(`CREATE DATABASE ${empty}`);
  await admin.query(`GRANT ALL ON ${empty}.* TO '${mariadb.user}'@'%'`);
  await admin.end();
  await expect(readAt(address.replace(/\/[^/]*$/, `/${empty}`))).rejects.toThrow("not a Flowise database");
});

test("what is read of a MySQL is bounded", async () => {
  const { address } = (await stores.mysql("2.x", [flowiseRow({ a: "x".repeat(5_000) }, key)])) as { address: string };
  await expect(
    read({ content: { address }, key, network: { ...loopback, maxInboundBytes: 4_000 } }),
  ).rejects.toMatchObject({ name: "Refusal", code: "invalid" });
});

test("mariadb:// and copied forms lead to the same place", async () => {
  const { address } = (await stores.mysql("1.x", [flowiseRow({ a: "b" }, key)])) as { address: string };
  for (const form of [
    address.replace("mysql:", "mariadb:"),
    `DATABASE_URL="${address}?charset=utf8mb4"\n`,
    `jdbc:${address}`,
  ])
    expect(await read({ content: { address: form }, key, network: loopback }), form).toHaveLength(1);
});
