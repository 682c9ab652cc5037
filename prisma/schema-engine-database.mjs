// What the schema engine asks of a database, over node-postgres and Prisma's own adapter.
import { AsyncLocalStorage } from "node:async_hooks";
import { randomUUID } from "node:crypto";
import { PrismaPg } from "@prisma/adapter-pg";
import { bindMigrationAwareSqlAdapterFactory, ColumnTypeEnum, DriverAdapterError } from "@prisma/driver-adapter-utils";
import pg from "pg";

const KIND = { provider: "postgres", adapterName: "@prisma/adapter-pg" };

/** The database that the command line names, and the shadow databases made beside it. */
export class EngineDatabase {
  /** False for a comparison of files, which needs no server. */
  needed = true;
  #url;
  #shadowUrl;
  #shadows = new Set();

  constructor({ url, shadowDatabaseUrl }) {
    this.#url = url;
    this.#shadowUrl = shadowDatabaseUrl;
  }

  factory() {
    return bindMigrationAwareSqlAdapterFactory({
      ...KIND,
      connect: async () => (this.needed ? this.#connect(this.#url) : withoutServer(this.#schema())),
      connectToShadowDb: () => this.#connectToShadow(),
    });
  }

  async tryConnect() {
    await run(this.#url);
  }

  async create() {
    const name = decodeURIComponent(new URL(this.#url).pathname.slice(1));
    await this.#administer(`CREATE DATABASE ${pg.escapeIdentifier(name)}`);
    return name;
  }

  drop(name = decodeURIComponent(new URL(this.#url).pathname.slice(1))) {
    return this.#administer(`DROP DATABASE IF EXISTS ${pg.escapeIdentifier(name)} WITH (FORCE)`);
  }

  /** What a cut-short comparison left behind. */
  async dropShadows() {
    for (const name of this.#shadows) await this.drop(name).catch(() => {});
  }

  async #connectToShadow() {
    if (this.#shadowUrl) return this.#connect(this.#shadowUrl);
    const name = `prisma_migrate_shadow_db_${randomUUID()}`;
    await this.#administer(`CREATE DATABASE ${pg.escapeIdentifier(name)}`);
    this.#shadows.add(name);
    return this.#connect(withDatabase(this.#url, name), async () => {
      await this.drop(name);
      this.#shadows.delete(name);
    });
  }

  async #connect(connectionString, afterDispose) {
    const pool = new EnginePool({ connectionString, max: 1, options: "-c timezone=UTC" });
    // Dropping a shadow database ends what is still closing; nobody waits for that connection any more.
    pool.on("error", () => {});
    const adapter = await new PrismaPg(pool, { schema: this.#schema(), disposeExternalPool: true }).connect();
    return Object.assign(Object.create(adapter), {
      async queryRaw(query) {
        const oneByte = [];
        const answer = await pool.oneByte.run(oneByte, () => adapter.queryRaw(query));
        for (const at of oneByte) answer.columnTypes[at] = ColumnTypeEnum.Character;
        return answer;
      },
      // The adapter splits scripts at every semicolon, $$ bodies included; the simple protocol takes them whole.
      // The engine insists on no result.
      executeScript: (script) => pool.query(script).then(() => undefined, throwAsAdapterError),
      async dispose() {
        await adapter.dispose();
        await afterDispose?.();
      },
    });
  }

  #schema() {
    return (this.#url && new URL(this.#url).searchParams.get("schema")) || undefined;
  }

  #administer(sql) {
    return run(withDatabase(this.#url, "postgres"), sql);
  }
}

const CHAR = 18;
const TEXT = 25;

/** One connection, because the engine holds a lock of the session. */
class EnginePool extends pg.Pool {
  /** Which columns of the answer are of the catalogue's one-byte type: the engine insists on it, the adapter refuses it. */
  oneByte = new AsyncLocalStorage();

  async query(...args) {
    const result = await super.query(...args);
    result.fields?.forEach((field, at) => {
      if (field.dataTypeID !== CHAR) return;
      field.dataTypeID = TEXT;
      this.oneByte.getStore()?.push(at);
    });
    return result;
  }
}

function throwAsAdapterError({ code = "N/A", severity = "ERROR", message, detail, column, hint }) {
  throw new DriverAdapterError({ kind: "postgres", code, severity, message, detail, column, hint });
}

/** Between files, the engine asks for nothing but the server's version. */
function withoutServer(schemaName) {
  return {
    ...KIND,
    queryRaw: async () => ({
      columnNames: ["exists", "version", "numeric_version"],
      columnTypes: [5, 7, 0],
      rows: [[true, "PostgreSQL 16.0", 160_000]],
    }),
    executeRaw: async () => 0,
    executeScript: async () => {},
    dispose: async () => {},
    getConnectionInfo: () => ({ schemaName, supportsRelationJoins: true }),
  };
}

async function run(connectionString, sql) {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    if (sql) await client.query(sql);
  } finally {
    await client.end();
  }
}

const withDatabase = (base, name) => Object.assign(new URL(base), { pathname: `/${encodeURIComponent(name)}` }).href;
