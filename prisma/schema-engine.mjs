#!/usr/bin/env node
// Stands in for Prisma's native schema-engine: the same JSON-RPC over stdio, answered by the
// same engine compiled to WebAssembly, over node-postgres. prisma.config.ts points
// PRISMA_SCHEMA_ENGINE_BINARY here, so no binary is downloaded. PostgreSQL only.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { PrismaPg } from "@prisma/adapter-pg";
import { bindMigrationAwareSqlAdapterFactory, DriverAdapterError } from "@prisma/driver-adapter-utils";
import * as glue from "@prisma/schema-engine-wasm/schema_engine_bg";
import pg from "pg";

const { values: opt, positionals } = parseArgs({
  allowPositionals: true,
  strict: false,
  options: {
    datamodels: { type: "string", multiple: true },
    datasource: { type: "string" },
    version: { type: "boolean", short: "V" },
  },
});
const { url, shadowDatabaseUrl } = opt.datasource ? JSON.parse(opt.datasource) : {};
const schema = (url && new URL(url).searchParams.get("schema")) || undefined;
const send = (message) => process.stdout.write(JSON.stringify({ jsonrpc: "2.0", ...message }) + "\n");
const withDb = (base, name) => Object.assign(new URL(base), { pathname: "/" + encodeURIComponent(name) }).toString();
const dbName = () => decodeURIComponent(new URL(url).pathname.slice(1));
const ident = (name) => pg.escapeIdentifier(name);

async function admin(sql) {
  const client = new pg.Client({ connectionString: withDb(url, "postgres") });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
const dropDb = (name) => admin(`DROP DATABASE IF EXISTS ${ident(name)} WITH (FORCE)`);

async function loadEngine() {
  const wasm = createRequire(import.meta.url)
    .resolve("@prisma/schema-engine-wasm/schema_engine_bg")
    .replace(/\.js$/, ".wasm");
  const { instance } = await WebAssembly.instantiate(readFileSync(wasm), { "./schema_engine_bg.js": glue });
  glue.__wbg_set_wasm(instance.exports);
  instance.exports.__wbindgen_start();
}

// One connection, because the engine takes a session-level advisory lock; and "char" (OID 18),
// which adapter-pg does not know, reported as text.
class EnginePool extends pg.Pool {
  async query(...args) {
    const result = await super.query(...args);
    for (const field of result.fields ?? []) if (field.dataTypeID === 18) field.dataTypeID = 25;
    return result;
  }
}
async function connect(connectionString, afterDispose) {
  const pool = new EnginePool({ connectionString, max: 1, options: "-c timezone=UTC" });
  const adapter = await new PrismaPg(pool, { schema, disposeExternalPool: true }).connect();
  return Object.assign(Object.create(adapter), {
    // adapter-pg splits scripts at every ';' (even in $$ bodies); the simple protocol takes them whole.
    async executeScript(script) {
      try {
        await pool.query(script);
      } catch (e) {
        throw new DriverAdapterError({
          kind: "postgres",
          code: e.code ?? "N/A",
          severity: e.severity ?? "ERROR",
          message: e.message,
          detail: e.detail,
          column: e.column,
          hint: e.hint,
        });
      }
    },
    async dispose() {
      await adapter.dispose();
      await afterDispose?.();
    },
  });
}
// `migrate diff` between files needs no server: the engine only asks for the server's version.
const offline = {
  provider: "postgres",
  adapterName: "@prisma/adapter-pg",
  queryRaw: async () => ({
    columnNames: ["exists", "version", "numeric_version"],
    columnTypes: [5, 7, 0],
    rows: [[true, "PostgreSQL 16.0", 160000]],
  }),
  executeRaw: async () => 0,
  executeScript: async () => {},
  dispose: async () => {},
  getConnectionInfo: () => ({ schemaName: schema, supportsRelationJoins: true }),
};
const shadows = new Set();
let needsServer = true;
const factory = bindMigrationAwareSqlAdapterFactory({
  provider: "postgres",
  adapterName: "@prisma/adapter-pg",
  connect: async () => (needsServer ? connect(url) : offline),
  async connectToShadowDb() {
    if (shadowDatabaseUrl) return connect(shadowDatabaseUrl);
    const name = `prisma_migrate_shadow_db_${crypto.randomUUID()}`;
    await admin(`CREATE DATABASE ${ident(name)}`);
    shadows.add(name);
    return connect(withDb(url, name), async () => {
      await dropDb(name);
      shadows.delete(name);
    });
  },
});

if (opt.version) {
  await loadEngine();
  console.log(`schema-engine-wasm ${glue.version()}`);
} else if (positionals[0] === "cli") {
  const commands = {
    "can-connect-to-database": async () => {
      const c = new pg.Client({ connectionString: url });
      await c.connect();
      await c.end();
    },
    "create-database": () => admin(`CREATE DATABASE ${ident(dbName())}`),
    "drop-database": () => dropDb(dbName()),
  };
  try {
    await commands[positionals[1]]();
  } catch (e) {
    const error_code = {
      "3D000": "P1003",
      "28P01": "P1000",
      28000: "P1000",
      ECONNREFUSED: "P1001",
      ENOTFOUND: "P1001",
      ETIMEDOUT: "P1001",
    }[e.code];
    process.stderr.write(
      "\n" +
        JSON.stringify({
          level: "ERROR",
          target: "schema_engine::logger",
          fields: { message: e.message, error_code },
        }) +
        "\n",
    );
    process.exitCode = 1;
  }
} else {
  await loadEngine();
  const datamodels = opt.datamodels?.map((path) => [path, readFileSync(path, "utf8")]);
  let engine;
  // The Wasm engine cannot describe queries (it recurses until the stack is full), so typedSql asks the server itself.
  const TYPES = {
    16: "bool",
    17: "bytes",
    18: "char",
    20: "bigint",
    21: "int",
    23: "int",
    26: "bigint",
    700: "float",
    701: "double",
    1700: "decimal",
    114: "json",
    3802: "json",
    2950: "uuid",
    1082: "date",
    1083: "time",
    1114: "datetime",
    1184: "datetime",
    1005: "int-array",
    1007: "int-array",
    1016: "bigint-array",
    1009: "string-array",
    1015: "string-array",
    2951: "uuid-array",
  };
  const BY_NAME = {
    Int: "int",
    BigInt: "bigint",
    Float: "double",
    Boolean: "bool",
    String: "string",
    DateTime: "datetime",
    Json: "json",
    Bytes: "bytes",
    Decimal: "decimal",
  };
  async function introspectSql({ queries }) {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    const describe = (text) =>
      new Promise((resolve, reject) => {
        let params = [],
          fields = [];
        client.connection.once("parameterDescription", (m) => {
          params = m.dataTypeIDs;
        });
        client.query({
          submit: (c) => {
            c.parse({ text, name: "", types: [] });
            c.describe({ type: "S", name: "" });
            c.sync();
          },
          handleRowDescription: (m) => {
            fields = m.fields;
          },
          handleError: reject,
          handleReadyForQuery: () => resolve({ params, fields }),
        });
      });
    try {
      const out = [];
      for (const { name, source } of queries) {
        const { params, fields } = await describe(source);
        const docs = Object.fromEntries(
          [...source.matchAll(/^--\s*@param\s+(?:\{(\w+)(\?)?\}\s*)?\$(\d+)(?::(\w+))?[ \t]*(.*)$/gm)].map(
            ([, type, opt, n, alias, doc]) => [n, { type, opt, alias, doc }],
          ),
        );
        const { rows } = await client.query(
          "SELECT attrelid::int t, attnum::int n FROM pg_attribute WHERE attnotnull AND attrelid = ANY($1::oid[])",
          [fields.map((f) => f.tableID)],
        );
        const notNull = new Set(rows.map((r) => `${r.t}.${r.n}`));
        out.push({
          name,
          source,
          documentation: null,
          parameters: params.map((oid, i) => {
            const d = docs[i + 1] ?? {};
            return {
              name: d.alias ?? `_${i + 1}`,
              typ: BY_NAME[d.type] ?? TYPES[oid] ?? "string",
              documentation: d.doc || null,
              nullable: d.opt === "?",
            };
          }),
          resultColumns: fields.map((f) => ({
            name: f.name,
            typ: TYPES[f.dataTypeID] ?? "string",
            nullable: !notNull.has(`${f.tableID}.${f.columnID}`),
          })),
        });
      }
      return { queries: out };
    } finally {
      await client.end();
    }
  }
  async function call({ method, params }) {
    if (method === "introspectSql") return introspectSql(params);
    if (method === "createDatabase") {
      await admin(`CREATE DATABASE ${ident(dbName())}`);
      return { databaseName: dbName() };
    }
    if (!engine) {
      const fromFiles = (target) => ["empty", "schemaDatamodel"].includes(target.tag);
      needsServer = !(method === "diff" && fromFiles(params.from) && fromFiles(params.to));
      engine = await glue.SchemaEngine.new({ datamodels }, () => {}, factory);
    }
    const result = await engine[method === "getDatabaseVersion" ? "version" : method](params);
    if (method === "diff" && result.stdout != null) {
      send({ id: "print", method: "print", params: { content: result.stdout } });
      result.stdout = null;
    }
    return result ?? null;
  }
  let queue = Promise.resolve();
  createInterface({ input: process.stdin, crlfDelay: Infinity })
    .on("line", (line) => {
      const request = JSON.parse(line);
      if (!request.method) return;
      queue = queue.then(async () => {
        try {
          send({ id: request.id, result: await call(request) });
        } catch (e) {
          send({
            id: request.id,
            error: {
              code: 4466,
              message: "See data.",
              data: { is_panic: false, message: e.message ?? String(e), error_code: e.code, meta: e.meta },
            },
          });
        }
      });
    })
    .on("close", () =>
      queue.then(async () => {
        for (const name of shadows) await dropDb(name).catch(() => {});
        process.exit(0);
      }),
    );
}
