import { randomUUID } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";
import { type Product, startProduct } from "../product.mjs";

/** What the experiments share: a product with one organisation, its callers, and a look behind it. */
export const ADMIN = {
  LATCHKEY_ADMIN_EMAIL: "ana@example.test",
  LATCHKEY_ADMIN_PASSWORD: "correct horse battery staple",
  LATCHKEY_ORGANIZATION: "Faults",
};

export interface Subject {
  product: Product;
  user: string;
  program: string;
}

export async function subject(settings: Record<string, string> = {}): Promise<Subject> {
  const product = await startProduct({ ...ADMIN, ...settings });
  await product.command(["service-account", "create", "--name", "worker"]);
  await product.command(["grant", "add", "--service-account", "worker", "--everything", "--right", "use"]);
  const user = (await product.command(["token", "create", "--user", ADMIN.LATCHKEY_ADMIN_EMAIL])).stdout.trim();
  const program = (await product.command(["token", "create", "--service-account", "worker"])).stdout.trim();
  return { product, user, program };
}

/** A second instance over the database of the first, with its key; `stop` ends both. */
export async function secondInstance(one: Subject, settings: Record<string, string> = {}) {
  const database = await one.product.openDatabase();
  const other = await startProduct({
    ...settings,
    DATABASE_URL: database.url,
    MIGRATION_DATABASE_URL: database.ownerUrl,
    LATCHKEY_KEY_FILE: join(one.product.folder, "key"),
  });
  return {
    other,
    async stop() {
      await other.stop();
      await database.leave();
      await one.product.stop();
    },
  };
}

export interface Answer {
  /** 0 when the connection was cut. */
  status: number;
  // biome-ignore lint/suspicious/noExplicitAny: answers of every shape are looked into
  body: any;
  headers: Headers;
  ms: number;
}

export async function send(
  url: string,
  token: string,
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const began = performance.now();
  try {
    const response = await fetch(`${url}/api/integrations/credentials${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body !== undefined && { "content-type": "application/json" }),
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(15_000),
    });
    const text = await response.text();
    return {
      status: response.status,
      body: text ? JSON.parse(text) : undefined,
      headers: response.headers,
      ms: performance.now() - began,
    };
  } catch {
    return { status: 0, body: undefined, headers: new Headers(), ms: performance.now() - began };
  }
}

export const values = (password: string) => ({
  provider: "sftp",
  credential_type: "user_password",
  credentials: { host: "sftp.example.com", port: 22, username: "alice", password },
});

export const create = async ({ product, user }: Subject, password: string = randomUUID()): Promise<string> =>
  (await send(product.url, user, "POST", "", values(password))).body.id;

export const replacement = (password: string) => ({
  credential_type: "user_password",
  credentials: values(password).credentials,
});

/** Reads beside the product as the database's owner. */
export async function query<Row extends pg.QueryResultRow>(
  product: Product,
  text: string,
  parameters: unknown[] = [],
): Promise<Row[]> {
  const database = await product.openDatabase();
  const client = new pg.Client({ connectionString: database.ownerUrl });
  await client.connect();
  try {
    return (await client.query<Row>(text, parameters)).rows;
  } finally {
    await client.end();
    await database.leave();
  }
}

/** The embedded server's process. */
export function postmaster(product: Product): number {
  const file = find(product.folder, "postmaster.pid");
  if (!file) throw new Error("the embedded database does not run");
  return Number(readFileSync(file, "utf8").split("\n")[0]);
}

function find(folder: string, name: string): string | undefined {
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    if (entry.name === name) return join(entry.parentPath, entry.name);
  }
  return undefined;
}

/**
 * What must hold after any accident: each credential's version is one more than its stored changes, nothing that was
 * acknowledged is missing, all of it decrypts, and the chain verifies.
 */
export async function violations({ product, program }: Subject, acknowledged: Map<string, number>): Promise<string[]> {
  const rows = await query<{ id: string; version: number; changes: number }>(
    product,
    `SELECT c.id, c.version, (SELECT count(*)::int FROM audit_event e
       WHERE e.org_id = c.org_id AND e.target_id = c.id::text AND e.action = 'credential.updated' AND e.outcome = 'done') AS changes
       FROM credential c`,
  );
  const found: string[] = [];
  for (const { id, version, changes } of rows) {
    const known = acknowledged.get(id) ?? 1;
    if (version !== changes + 1) found.push(`${id}: version ${version}, ${changes} events`);
    if (version < known) found.push(`${id}: version ${version}, but ${known} was acknowledged`);
    const fetched = await send(product.url, program, "GET", `/${id}/credentials`);
    if (fetched.status !== 200) found.push(`${id}: fetch answers ${fetched.status}`);
  }
  const verdict = await product.command(["audit", "verify", "--json"]).catch((error: { stdout: string }) => error);
  if (JSON.parse(verdict.stdout).some((one: { problem: string | null }) => one.problem))
    found.push(`chain: ${verdict.stdout}`);
  return found;
}
