#!/usr/bin/env node
// Stands in for Prisma's native schema-engine: the same JSON-RPC over stdio, answered by the same engine compiled to
// WebAssembly, over node-postgres. prisma/config.ts points PRISMA_SCHEMA_ENGINE_BINARY here, so that no binary is
// downloaded. PostgreSQL only; typedSql's introspectSql is not answered.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import * as glue from "@prisma/schema-engine-wasm/schema_engine_bg";
import { EngineDatabase } from "./schema-engine-database.mjs";

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  strict: false,
  options: {
    datamodels: { type: "string", multiple: true },
    datasource: { type: "string" },
    version: { type: "boolean", short: "V" },
  },
});
const database = new EngineDatabase(options.datasource ? JSON.parse(options.datasource) : {});

if (options.version) {
  await loadEngine();
  console.log(`schema-engine-wasm ${glue.version()}`);
} else if (positionals[0] === "cli") {
  await runCommand(positionals[1]);
} else {
  await loadEngine();
  serve();
}

async function loadEngine() {
  const script = createRequire(import.meta.url).resolve("@prisma/schema-engine-wasm/schema_engine_bg");
  const wasm = readFileSync(script.replace(/\.js$/, ".wasm"));
  const { instance } = await WebAssembly.instantiate(wasm, { "./schema_engine_bg.js": glue });
  glue.__wbg_set_wasm(instance.exports);
  instance.exports.__wbindgen_start();
}

/** `schema-engine cli <command>`: Prisma reads a failure from the last line of standard error. */
async function runCommand(name) {
  const commands = {
    "can-connect-to-database": () => database.tryConnect(),
    "create-database": () => database.create(),
    "drop-database": () => database.drop(),
  };
  try {
    await commands[name]();
  } catch (error) {
    const fields = { message: error.message, error_code: PRISMA_CODES[error.code] };
    process.stderr.write(`\n${JSON.stringify({ level: "ERROR", target: "schema_engine::logger", fields })}\n`);
    process.exitCode = 1;
  }
}

const PRISMA_CODES = {
  "3D000": "P1003",
  "28P01": "P1000",
  28000: "P1000",
  ECONNREFUSED: "P1001",
  ENOTFOUND: "P1001",
  ETIMEDOUT: "P1001",
};

/** One request a line, answered in order. */
function serve() {
  let queue = Promise.resolve();
  createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY })
    .on("line", (line) => {
      const request = JSON.parse(line);
      if (request.method) queue = queue.then(() => answer(request));
    })
    .on("close", async () => {
      await queue;
      await database.dropShadows();
      process.exit(0);
    });
}

async function answer({ id, method, params }) {
  try {
    send({ id, result: await call(method, params) });
  } catch (error) {
    const data = { is_panic: false, message: error.message ?? String(error), error_code: error.code, meta: error.meta };
    send({ id, error: { code: 4466, message: "See data.", data } });
  }
}

/** What the engine says when it gives up; without a place to say it, that itself would be the failure. */
globalThis.PRISMA_WASM_PANIC_REGISTRY = { set_message: (message) => process.stderr.write(`${message}\n`) };

let engine;

async function call(method, params) {
  if (method === "createDatabase") return { databaseName: await database.create() };
  if (!engine) {
    database.needed = !(method === "diff" && isFile(params.from) && isFile(params.to));
    const datamodels = options.datamodels?.map((path) => [path, readFileSync(path, "utf8")]);
    engine = await glue.SchemaEngine.new({ datamodels }, () => {}, database.factory());
  }
  const result = await engine[method === "getDatabaseVersion" ? "version" : method](params);
  if (method === "diff" && typeof result.stdout === "string") {
    send({ id: "print", method: "print", params: { content: result.stdout } });
    result.stdout = null;
  }
  return result ?? null;
}

function isFile(target) {
  return ["empty", "schemaDatamodel"].includes(target.tag);
}

function send(message) {
  process.stdout.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`);
}
