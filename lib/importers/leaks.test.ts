import { readdirSync, readFileSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Canaries } from "@/test/canaries";
import { flowiseDatabase, flowiseKey, flowiseRow } from "@/test/importers/flowise";
import { buildReader } from "@/test/importers/reader";
import { captureOutput } from "@/test/output";
import { ownDatabase } from "@/test/own-database";

/** Secrets are planted in every place of every source: what an import says, logs, stores and leaves behind has none of them. */
const database = await ownDatabase();
Object.assign(process.env, { DATABASE_URL: database.url, LOG_LEVEL: "debug" });
const output = captureOutput();
const marks = new Canaries();
const began = Date.now();

let forget: () => void;
beforeAll(async () => {
  forget = await buildReader();
});
afterAll(() => forget?.());

const key = flowiseKey();
marks.lookFor("the key", Buffer.from(key));
const secret = (place: string) => marks.secret(place);

const sources = {
  flowise: async () =>
    flowiseDatabase([
      flowiseRow({ openAIApiKey: secret("good") }, key),
      flowiseRow({ openAIApiKey: `${secret("too long")}${"x".repeat(20_000)}` }, key),
      flowiseRow({ [`${secret("a field's name")}!`]: secret("beside it") }, key, { credentialName: "unknownApi" }),
      flowiseRow(JSON.stringify(secret("no fields")), key),
      flowiseRow({ openAIApiKey: secret("other key") }, flowiseKey()),
    ]),
  n8n: async () =>
    json([
      { id: "1", name: "n", type: "postgres", data: { host: secret("host"), password: secret("password") } },
      { id: "2", name: "n", type: "stripeApi", data: { secretKey: `={{ ${secret("expression")} }}` } },
      { id: "3", name: "n", type: "x y", data: { a: secret("bad type") } },
      { id: "4", name: "n", type: "own", data: { nested: { deep: secret("nested") } } },
    ]),
  airflow: async () =>
    json({
      good: `snowflake://u:${encodeURIComponent(secret("uri"))}@h`,
      bad: `postgres://u:${encodeURIComponent(secret("port"))}@h:port/d`,
      wrong: { conn_type: "sftp", login: 7, password: secret("wrong kind") },
      refused: { conn_type: "postgres", host: "a b", schema: "d", login: "u", password: secret("refused") },
    }),
};
const json = (value: unknown) => Buffer.from(JSON.stringify(value));

/** What is thrown, and what it was made from. */
const textOf = (error: unknown) => JSON.stringify(error, Object.getOwnPropertyNames(error as object));

test("no secret is in a report, a refusal, the log, the database or a file", async () => {
  const { startImport } = await import("./index");
  const { tenant } = await import("@/test/tenant");
  const own = await tenant();
  const said: string[] = [];
  for (const [source, make] of Object.entries(sources)) {
    for (const [dryRun, withKey] of [
      [true, key],
      [false, key],
      [false, `${key}x`],
    ] as const) {
      const { run } = await startImport(own.admin);
      const request = { source, content: { bytes: await make() }, key: withKey, dryRun };
      said.push(await run(request).then((report) => JSON.stringify(report), textOf));
    }
    const { run } = await startImport(own.admin);
    const broken = { bytes: Buffer.concat([Buffer.from("{"), await make()]) };
    said.push(await run({ source, content: broken, key, dryRun: false }).then(JSON.stringify, textOf));
  }
  expect(said.join().match(/"imported"/g)?.length).toBeGreaterThan(3);
  expect(marks.foundIn(said.join("\n"))).toEqual([]);
  expect(marks.foundIn(output.join(""))).toEqual([]);
  expect(marks.foundIn(await everythingStored())).toEqual([]);
  expect(marks.foundIn(filesSince(began))).toEqual([]);
});

async function everythingStored(): Promise<string> {
  const client = new pg.Client({ connectionString: database.ownerUrl });
  await client.connect();
  const { rows: tables } = await client.query("SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'");
  const texts = await Promise.all(
    tables.map(async ({ name }) => (await client.query(`SELECT t::text AS text FROM "${name}" t`)).rows),
  );
  await client.end();
  const all = texts.flat().map(({ text }) => text);
  expect(all.length).toBeGreaterThan(10);
  return all.join("\n");
}

/** What any process has written into the folder for temporary files since then. */
const filesSince = (from: number): string =>
  readdirSync(tmpdir(), { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => textSince(join(tmpdir(), entry.name), from))
    .join("\n");

function textSince(path: string, from: number): string {
  try {
    return statSync(path).mtimeMs >= from ? readFileSync(path, "latin1") : "";
  } catch {
    // Another process of the run has removed its own.
    return "";
  }
}
