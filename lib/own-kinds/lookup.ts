import "server-only";
import { noneOf, withConnection } from "@/lib/platform/db";
import { log } from "@/lib/platform/log";
import { formOf } from "@/lib/providers/catalog/kind-form";
import { parseOwnKind } from "@/lib/providers/catalog/parse-own";
import { providerOf } from "@/lib/providers/catalog/provider";
import type { Kind } from "@/lib/providers/catalog/schema";
import type { Provider } from "@/lib/providers/define";
import { isOwnKindId } from "@/lib/providers/own-id";

/** An organisation's own kind, ready for use. */
export interface OwnKind {
  kind: Kind;
  provider: Provider;
}

interface Stored {
  id: string;
  kind: string;
  version: number;
  text: string;
}

const COLUMNS = "SELECT d.id, d.kind, d.version, d.text FROM provider_definition d WHERE d.org_id = $1";

/**
 * The kind of this id, if it is the organisation's own; another organisation's is not there. For an id that can be no such kind,
 * which is every one of the catalogue, nothing is looked up.
 */
export async function ownKind(orgId: string, id: string): Promise<OwnKind | undefined> {
  if (!isOwnKindId(id)) return undefined;
  const [row] = await stored(orgId, `${COLUMNS} AND d.kind = $2`, [orgId, id]);
  return row && ready(row);
}

/** All kinds of an organisation's own, by id. */
export async function ownKinds(orgId: string): Promise<OwnKind[]> {
  return (await stored(orgId, `${COLUMNS} ORDER BY d.kind`, [orgId])).flatMap((row) => ready(row) ?? []);
}

/** Those that are what another system calls by one of these names, or have it for their id; by that name. */
export async function ownKindsCalled(orgId: string, names: string[]): Promise<Map<string, OwnKind>> {
  if (names.length === 0) return new Map();
  const rows = await stored(
    orgId,
    `${COLUMNS} AND (d.imports && $2::text[] OR d.kind = ANY ($2::text[])) ORDER BY d.kind`,
    [orgId, names],
  );
  const found = rows.flatMap((row) => ready(row) ?? []);
  return new Map(
    names.flatMap((name) => {
      const own = found.find(({ kind }) => kind.id === name || kind.imports?.includes(name));
      return own ? [[name, own] as const] : [];
    }),
  );
}

const stored = (orgId: string, text: string, values: unknown[]): Promise<Stored[]> =>
  withConnection(noneOf(orgId), async (client) => (await client.query<Stored>(text, values)).rows);

/** Read once for each version. By the definition's own id, which no other organisation's has. */
const made = new Map<string, OwnKind | undefined>();
const KEPT = 500;

/** Undefined where a program of another time has stored what this one does not take: its credentials are secret throughout then. */
function ready({ id, version, text }: Stored): OwnKind | undefined {
  const key = `${id}@${version}`;
  if (made.has(key)) return made.get(key);
  const parsed = parseOwnKind(text);
  if (!parsed.ok) log.warn("a kind of an organisation's own is not as this version takes it", { targetId: id });
  const own = parsed.ok ? { kind: parsed.value, provider: providerOf(formOf(parsed.value)) } : undefined;
  const [oldest] = made.size >= KEPT ? made.keys() : [];
  if (oldest !== undefined) made.delete(oldest);
  made.set(key, own);
  return own;
}
