import { randomUUID } from "node:crypto";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { outboundPolicy } from "@/lib/platform/net/operator-policy";
import type { Network } from "@/lib/providers/define-connection";
import { columnsOf, FLOWISE_INSERT, FLOWISE_TABLES, flowiseKey, flowiseRow } from "@/test/importers/flowise";
import { loopback } from "@/test/importers/loopback";
import { read } from "./source";

const key = flowiseKey();
const readFrom = (address: string, more: Partial<Network> = {}) =>
  read({ content: { address }, key, network: { ...loopback, ...more } });
const refused = (text: string | RegExp) =>
  expect.objectContaining({
    name: "Refusal",
    code: "invalid",
    fields: [expect.objectContaining({ path: ["address"], message: expect.stringMatching(text) })],
  });

const rows = [flowiseRow({ openAIApiKey: "sk-postgres" }, key), flowiseRow({ openAIApiKey: "sk-other" }, flowiseKey())];
const name = `flowise_${randomUUID().replaceAll("-", "")}`;
const [reader, outsider] = [`reader_${name.slice(8, 16)}`, `outsider_${name.slice(8, 16)}`];
let owner: pg.Client;
const at = (user: string, password = "pw-of-the-reader", database = name) =>
  Object.assign(new URL(owner.host ? `postgresql://${owner.host}:${owner.port}/${database}` : ""), {
    username: user,
    password,
  }).href;

beforeAll(async () => {
  owner = new pg.Client({ connectionString: process.env.TEST_OWNER_DATABASE_URL });
  await owner.connect();
  await owner.query(`CREATE DATABASE ${name}`);
  for (const role of [reader, outsider]) await owner.query(`CREATE ROLE ${role} LOGIN PASSWORD 'pw-of-the-reader'`);
  const inside = new pg.Client({
    connectionString: Object.assign(new URL(process.env.TEST_OWNER_DATABASE_URL ?? ""), { pathname: `/${name}` }).href,
  });
  await inside.connect();
  await inside.query(FLOWISE_TABLES);
  for (const row of rows) await inside.query(`${FLOWISE_INSERT} VALUES ($1, $2, $3, $4, $5, $6, $7)`, columnsOf(row));
  await inside.query(`GRANT SELECT ON credential, workspace TO ${reader}`);
  await inside.end();
});

afterAll(async () => {
  await owner.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
  for (const role of [reader, outsider]) await owner.query(`DROP ROLE IF EXISTS ${role}`);
  await owner.end();
});

test("Flowise's PostgreSQL gives what its SQLite file would", async () => {
  const found = await readFrom(at(reader));
  expect(found.find(({ id }) => id === rows[0]?.id)).toMatchObject({
    name: rows[0]?.name,
    createdAt: new Date("2024-03-01T10:20:30Z"),
    found: { provider: "openAIApi", data: { openAIApiKey: "sk-postgres" } },
  });
  expect(found.find(({ id }) => id === rows[1]?.id)).toMatchObject({ problem: { outcome: "undecryptable" } });
});

test("a database that may not be reached, opened or read is refused with what to do", async () => {
  await expect(readFrom(at(reader), { policy: outboundPolicy() })).rejects.toEqual(refused("vault itself"));
  await expect(readFrom(at(reader), { policy: { allow: [], selfEndpoints: [] } })).rejects.toEqual(
    refused("OUTBOUND_ALLOW="),
  );
  await expect(readFrom(at(reader, "wrong"))).rejects.toEqual(refused("user name and password"));
  await expect(readFrom(at(outsider))).rejects.toEqual(refused("GRANT SELECT"));
  await expect(readFrom(at(reader, "pw-of-the-reader", "postgres"))).rejects.toThrow("not a Flowise database");
  await expect(readFrom("mysql://u:planted@h/d")).rejects.toEqual(refused(/^(?!.*planted)/));
});
