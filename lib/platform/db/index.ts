import "server-only";
import { AsyncLocalStorage } from "node:async_hooks";
import { PrismaPg } from "@prisma/adapter-pg";
import pg from "pg";
import { type Prisma, PrismaClient } from "@/lib/generated/prisma/client";
import { type Watch, watchConnections } from "@/lib/platform/db/connection-watch";
import { env } from "@/lib/platform/env";
import { lookAtPool } from "@/lib/platform/loads";
import { Refusal } from "@/lib/platform/refusal";
import { traced } from "@/lib/platform/tracing";
import { isUuid } from "@/lib/platform/uuid";

/**
 * The database. Row-level security shows a transaction the rows of the one organisation named in it, so every piece
 * of work says for which organisation it is; work without one sees nothing.
 */
export type Transaction = Prisma.TransactionClient;

/** What the next BEGIN tells row-level security. Values are checked before they get here; they stand in SQL. */
type Settings = Record<string, string>;

interface Database {
  pool: pg.Pool;
  prisma: PrismaClient;
  watch: Watch;
}

// Next loads this module once per layer, and its development server again with every change: they must share the pool,
// and with it the scope that the pool's connections look into.
const held = globalThis as typeof globalThis & {
  latchkeyDatabase?: Database;
  latchkeyScope?: AsyncLocalStorage<Settings>;
  /** Transactions under way. */
  latchkeyScoped?: number;
};
held.latchkeyScope ??= new AsyncLocalStorage<Settings>();
const scope = held.latchkeyScope;

function database(): Database {
  held.latchkeyDatabase ??= connect();
  return held.latchkeyDatabase;
}

/**
 * For the measured hot paths: one prepared statement, no transaction round trips. Its errors become refusals; a
 * serialisation failure, a deadlock or a table that was changed under it undid it whole, and it is tried again, three times.
 */
export async function statement<Row extends pg.QueryResultRow>(
  name: string,
  text: string,
  values: unknown[],
): Promise<Row[]> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await traced("statement", { statement: name }, () => execute<Row>({ name, text, values }));
    } catch (error) {
      if (attempt >= ATTEMPTS || !(isWriteConflict(error) || isOfAnotherSchema(error))) throw translated(error);
    }
  }
}

/** A rule was broken (LK: one of our functions' own), or somebody was in the way: the connection is as good as before. */
const REFUSED = /^(LK|22|23|40)/;

/**
 * A connection on which the database refused something is kept: the pool's own `query` would throw it away, and a new
 * one costs more than a hundred statements.
 */
function execute<Row extends pg.QueryResultRow>(query: pg.QueryConfig): Promise<Row[]> {
  return new Promise((resolve, reject) => {
    database().pool.connect((away, client, release) => {
      if (!client) return reject(away);
      void client.query<Row>(query, (error: Error | null, result: pg.QueryResult<Row>) => {
        release(error && !REFUSED.test(sqlState(error)));
        if (error) reject(error);
        else resolve(result.rows);
      });
    });
  });
}

/** Tries of a piece of work that another one was in the way of. */
const ATTEMPTS = 3;

/** The pool itself, for libraries that keep counters in the platform's own tables. */
export const sharedPool = (): pg.Pool => database().pool;

/**
 * Which credentials of an organisation a statement sees, and what hangs on them: those that somebody (a person's or program's id)
 * reaches, within what a token is narrowed to. `whole` is for work on nobody's behalf and for roles that see everything. The database
 * holds it, see prisma/functions/access.sql.
 */
export interface Sight {
  orgId: string;
  who: string;
  /** A token's id, or nothing. */
  token: string;
}

/** Everything of an organisation: for the background, the journal and rules that hold over all of its credentials. */
export const wholeOf = (orgId: string): Sight => ({ orgId, who: "whole", token: "" });

/** None of an organisation's credentials. */
export const noneOf = (orgId: string): Sight => ({ orgId, who: "nobody", token: "" });

/**
 * One transaction that sees one organisation, but none of its credentials. A serialisation failure or deadlock is tried again,
 * three times.
 */
export async function inOrganization<T>(orgId: string, work: (tx: Transaction) => Promise<T>): Promise<T> {
  return inSight(noneOf(orgId), work);
}

/** The same with such credentials in sight. */
export async function inSight<T>(sight: Sight, work: (tx: Transaction) => Promise<T>): Promise<T> {
  return run(settingsOf(sight), work);
}

/** One transaction that may read all organisations where a policy says so, and change none of them. */
export const acrossOrganizations = <T>(work: (tx: Transaction) => Promise<T>): Promise<T> =>
  run(scopeOf("platform"), work);

/** One transaction of somebody not known yet (sign-in). */
export const whileAuthenticating = <T>(work: (tx: Transaction) => Promise<T>): Promise<T> =>
  run(scopeOf("authentication"), work);

/** One transaction that sees and deletes, of all organisations, what is past its time, and nothing else. */
export const whileHousekeeping = <T>(work: (tx: Transaction) => Promise<T>): Promise<T> =>
  run(scopeOf("housekeeping"), work);

const scopeOf = (scope: string): Settings => ({ "app.scope": scope });

function settingsOf({ orgId, who, token }: Sight): Settings {
  if (!isUuid(orgId)) throw new Error("not an organisation id");
  if (!["whole", "nobody"].includes(who) && !isUuid(who)) throw new Error("not an id of somebody");
  if (token !== "" && !isUuid(token)) throw new Error("not a token's id");
  return { "app.org_id": orgId, "app.who": who, "app.token": token };
}

/**
 * A transaction by hand over one connection, for a statement that is put together here (lists).
 * Commits when `work` answers; anything thrown rolls back.
 * @param planner settings of the planner that hold in it alone
 */
export const withConnection = <T>(
  sight: Sight,
  work: (client: pg.PoolClient) => Promise<T>,
  planner: Planner = {},
): Promise<T> => traced("transaction", {}, () => onConnection(sight, work, planner));

type Planner = Readonly<Record<`enable_${string}`, "on" | "off">>;

async function onConnection<T>(
  sight: Sight,
  work: (client: pg.PoolClient) => Promise<T>,
  planner: Planner,
): Promise<T> {
  const begin = beginLookingFor(sight, planner);
  const client = await database()
    .pool.connect()
    .catch((error: unknown) => Promise.reject(translated(error)));
  let broken = false;
  try {
    await client.query(begin);
    const result = await work(client);
    await client.query("COMMIT");
    return result;
  } catch (error) {
    await client.query("ROLLBACK").catch(() => {
      broken = true;
    });
    throw translated(error);
  } finally {
    client.release(broken);
  }
}

const beginWith = (settings: Settings) =>
  `BEGIN; SELECT ${Object.entries(settings)
    .map(([name, value]) => `set_config('${name}', '${value}', true)`)
    .join(", ")}`;

/** What is granted is looked up once for all of a transaction that reads: `look_for` in prisma/functions/access.sql. */
function beginLookingFor(sight: Sight, planner: Settings): string {
  const looked = Object.values(settingsOf(sight)).map((value) => `'${value}'`);
  const planned = Object.entries(planner).map(([name, value]) => `, set_config('${name}', '${value}', true)`);
  return `BEGIN; SELECT look_for(${looked.join(", ")})${planned.join("")}`;
}

export async function disconnect(): Promise<void> {
  const current = held.latchkeyDatabase;
  held.latchkeyDatabase = undefined;
  current?.watch.end();
  await current?.prisma.$disconnect();
  await current?.pool.end();
}

async function run<T>(settings: Settings, work: (tx: Transaction) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await traced("transaction", {}, () =>
        scoped(settings, () => database().prisma.$transaction(work, { maxWait: 5_000, timeout: 15_000 })),
      );
    } catch (error) {
      if (attempt >= ATTEMPTS || !(isWriteConflict(error) || isOfAnotherSchema(error))) throw translated(error);
    }
  }
}

/**
 * The scope is switched off while no transaction is under way: as long as it is on, Node follows every promise of the
 * process, and the hot paths, which have no use for it, pay as well (measured: a tenth of a fetch).
 */
async function scoped<T>(settings: Settings, work: () => Promise<T>): Promise<T> {
  held.latchkeyScoped = (held.latchkeyScoped ?? 0) + 1;
  try {
    return await scope.run(settings, work);
  } finally {
    held.latchkeyScoped--;
    if (held.latchkeyScoped === 0) scope.disable();
  }
}

function connect(): Database {
  const where = { connectionString: env().DATABASE_URL, application_name: "latchkey" };
  const watch = watchConnections(where);
  const pool = new pg.Pool({
    ...where,
    max: env().DATABASE_POOL,
    // UTC: adapter-pg relabels times of any other zone. role: the one that owns nothing, whoever signed in. A pooler hands out sessions
    // that began without us: there the user has all of it by itself, and the start looks whether it does.
    ...(isPooled() ? {} : { options: sessionOptions() }),
    connectionTimeoutMillis: 5_000,
    query_timeout: 20_000,
  });
  // A restarting database must not end the process; the next query asks for a new connection.
  pool.on("error", () => {});
  pool.on("connect", (client) => {
    // Nor must one that breaks at work: whoever works on it is told by the statement that fails.
    client.on("error", () => {});
    guardTransactions(client);
    watch.add(client);
  });
  lookAtPool(() => ({ size: pool.totalCount, idle: pool.idleCount, waiting: pool.waitingCount }));
  const prisma = new PrismaClient({ adapter: new PrismaPg(pool, { statementNameGenerator }), errorFormat: "minimal" });
  return { pool, prisma, watch };
}

const sessionOptions = () =>
  `-c timezone=UTC -c role=${applicationRole()} -c statement_timeout=15000 -c idle_in_transaction_session_timeout=30000`;

/** Whether each transaction may be given another session of the database: nothing that outlives one may be relied on. */
export const isPooled = (): boolean => env().DATABASE_POOLER === "transaction";

/** The role that every connection takes on. */
export const applicationRole = (): string => env().DATABASE_ROLE ?? "latchkey_app";

/**
 * Mends of every connection: BEGIN carries the organisation in the same round trip, and a COMMIT that PostgreSQL
 * answers with ROLLBACK (a statement had failed and somebody swallowed it) is an error instead of a silent loss. Behind a pooler no
 * statement is prepared under a name: the session that has it may be another's by the next time.
 */
function guardTransactions(client: pg.PoolClient): void {
  const query = client.query.bind(client) as (...args: unknown[]) => Promise<pg.QueryResult> | undefined;
  const pooled = isPooled();
  const guarded = (first: string | pg.QueryConfig, ...rest: unknown[]) => {
    if (pooled && typeof first === "object") first.name = undefined;
    const text = typeof first === "string" ? first : first?.text;
    const settings = text === "BEGIN" ? scope.getStore() : undefined;
    if (settings) {
      const begun = query(beginWith(settings)) as Promise<unknown> as Promise<pg.QueryResult[]>;
      return begun.then((results) => results[0]);
    }
    const result = query(first, ...rest);
    return text === "COMMIT" && result?.then ? result.then(refuseRollback) : result;
  };
  client.query = guarded as typeof client.query;
}

function refuseRollback(result: pg.QueryResult): pg.QueryResult {
  if (result.command !== "ROLLBACK") return result;
  throw Object.assign(new Error("rolled back: a statement in the transaction had failed"), { code: "25P02" });
}

const names = new Map<string, string>();
/** Prepared statements for Prisma's queries, bounded; past the bound they go unnamed. */
function statementNameGenerator(query: { sql: string }): string {
  let name = names.get(query.sql);
  if (!name && names.size < 500) {
    name = `p${names.size}`;
    names.set(query.sql, name);
  }
  return name as string;
}

interface DatabaseError {
  code?: unknown;
  cause?: { kind?: unknown; originalCode?: unknown };
  meta?: { driverAdapterError?: { cause?: { originalCode?: unknown } } };
}

/** SQLSTATE of a database error, whichever layer wrapped it. */
export function sqlState(error: unknown): string {
  const { code, cause, meta } = error as DatabaseError;
  return String(cause?.originalCode ?? meta?.driverAdapterError?.cause?.originalCode ?? code ?? "");
}

function isWriteConflict(error: unknown): boolean {
  const { code, cause } = error as DatabaseError;
  return code === "P2034" || cause?.kind === "TransactionWriteConflict" || ["40001", "40P01"].includes(sqlState(error));
}

/**
 * A newer version has changed a table between the planning of a statement and its run: a row with another number of columns than
 * were expected, or a prepared statement whose answer would have others.
 */
const isOfAnotherSchema = (error: unknown): boolean => ["42804", "0A000"].includes(sqlState(error));

/** True when a unique index refused the write. */
export const isDuplicate = (error: unknown): boolean =>
  (error as DatabaseError).code === "P2002" || sqlState(error) === "23505";

// Connection lost or refused, server stopping, disk full, too many connections, pool or statement timed out.
const AWAY =
  /^(08|53|57P|57014|58)|^(ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|ENOENT|ENOTFOUND|P1001|P1002|P1008|P1017|P2024|P2028)$/;
const AWAY_TEXT =
  /Connection terminated|timeout exceeded when trying to connect|Query read timeout|Client has encountered a connection error|not queryable/;

/** A text that PostgreSQL cannot hold. Doors look for it themselves; this is what is behind them. */
const UNSTORABLE = new Set(["22021", "22P05"]);

/** A database that is away or full is a refusal that callers can act on; every other error stays what it is. */
function translated(error: unknown): unknown {
  if (error instanceof Refusal) return error;
  if (UNSTORABLE.has(sqlState(error)))
    return new Refusal("invalid", "A value contains characters that cannot be stored", { cause: error });
  const away = AWAY.test(sqlState(error)) || (error instanceof Error && AWAY_TEXT.test(error.message));
  return away
    ? new Refusal("unavailable", "The vault cannot reach its storage. Try again in a moment.", {
        retryAfterSeconds: 2,
        cause: error,
      })
    : error;
}
