import "server-only";
import { z } from "zod";
import { sightOf } from "@/lib/authorization/access";
import type { Actor } from "@/lib/authorization/actor";
import { withAuthorization } from "@/lib/platform/audit";
import { FairQueue } from "@/lib/platform/fair-share/fair-queue";
import { nameKey } from "@/lib/platform/names";
import { Refusal } from "@/lib/platform/refusal";
import { isStorable } from "@/lib/platform/storable";
import {
  type CredentialPage,
  type CredentialQuery,
  type SortOrder,
  sortOrders,
} from "@/lib/vocabulary/credential-view";
import { sqlNameOf, sqlTypeOf } from "./columns";
import { toView } from "./describe";
import { credentialsOf, type ListedRow } from "./repository";
import { countUsesForList } from "./uses";

const LIMIT_MAX = 1_000;
const LIMIT_DEFAULT = 50;

/** Rows that a console's page shows; more than these are a program's, and take their turn. */
const SHORT = 100;
/**
 * Long pages that are read at once: bringing a thousand rows into a view takes tens of milliseconds in which nobody else is
 * answered. A place is held for one page and not for a whole list: whoever takes it slowly, or not at all, holds nothing
 * meanwhile.
 */
const longPages = new FairQueue({
  name: "long-lists",
  all: { running: 4, waiting: 300 },
  each: [
    { running: 2, waiting: 60 },
    { running: 1, waiting: 30 },
  ],
  waitMs: 30_000,
  words: {
    own: "Too many lists of yours are being read. Try again when one is done.",
    busy: "Too many lists are being read. Try again in a minute.",
  },
  retryAfterSeconds: 10,
});

/**
 * One page of credentials, in the order asked for. Searching, filtering and sorting happen in the database, nothing
 * is decrypted, and the next page starts after the last row shown however many rows came or went meanwhile.
 * What is out of the actor's sight is not there.
 * @throws Refusal "invalid" for a cursor that is not of this order; for more than 100 rows "too_many_requests" or
 * "unavailable" where too many are read
 */
export function listCredentials(actor: Actor, query: CredentialQuery = {}): Promise<CredentialPage> {
  const limit = Math.min(query.limit ?? LIMIT_DEFAULT, LIMIT_MAX);
  const read = () => page(actor, query, limit);
  return withAuthorization(actor, "credential:list", { action: "credential.read" }, () =>
    limit > SHORT ? longPages.run([actor.orgId, actor.id], read, actor.signal) : read(),
  );
}

async function page(actor: Actor, query: CredentialQuery, limit: number): Promise<CredentialPage> {
  const sort = query.sort ?? "-created_at";
  const filter = new Filter();
  narrow(filter, actor, query);
  if (query.cursor !== undefined) afterCursor(filter, sort, readCursor(query.cursor, sort));
  else await countUsesForList(actor.orgId);
  const rows = await credentialsOf(sightOf(actor)).select(
    filter.conditions,
    ORDER[sort].text,
    filter.values,
    limit + 1,
    isInOrder(query, sort),
  );
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return {
    items: shown.map((row) => toView(actor, row)),
    next: rows.length > limit && last ? cursorOf(last, sort) : null,
  };
}

/** Whether the index of the order answers it: nothing narrows it, or one's own in the order in which they were made. */
function isInOrder(
  { ownOnly, q, provider, providers, tag, status, health }: CredentialQuery,
  sort: SortOrder,
): boolean {
  if (q || provider || providers || tag || status || health) return false;
  return !ownOnly || sort === "-created_at" || sort === "created_at";
}

/** Conditions and their parameters; $1 is the organisation. */
class Filter {
  readonly conditions: string[] = [];
  readonly values: unknown[] = [];

  /** `?` in the text stands for the value. */
  add(text: string, value: unknown): void {
    this.values.push(value);
    this.conditions.push(text.replaceAll("?", `$${this.values.length + 1}`));
  }

  fixed(text: string): void {
    this.conditions.push(text);
  }
}

const STATUS = {
  inactive: "NOT c.active",
  needs_reauth: "c.active AND c.needs_reauth",
  expired: "c.active AND NOT c.needs_reauth AND c.expires_at <= now()",
  active: "c.active AND NOT c.needs_reauth AND (c.expires_at IS NULL OR c.expires_at > now())",
} as const;

function narrow(filter: Filter, actor: Actor, query: CredentialQuery): void {
  if (query.ownOnly) filter.add("c.owner_id = ?", actor.id);
  if (query.provider) filter.add("c.provider = ?", query.provider);
  if (query.providers) filter.add("c.provider = ANY(?::text[])", query.providers);
  if (query.tag) filter.add("c.tags @> ARRAY[?::text]", query.tag);
  if (query.status) filter.fixed(STATUS[query.status]);
  if (query.health === "untested") filter.fixed("c.health IS NULL");
  else if (query.health) filter.add("c.health = ?", query.health);
  for (const word of nameKey(query.q ?? "")
    .split(/\s+/)
    .filter(Boolean)
    .slice(0, 8)) {
    filter.add("c.search LIKE ?", `%${word.replace(/[\\%_]/g, "\\$&")}%`);
  }
}

interface Order {
  text: string;
  column: string;
  type: string;
  descending: boolean;
  /** Where rows without a value stand; each order has an index that says the same. */
  nulls: "never" | "last" | "first";
  key: (row: ListedRow) => string | null;
}

type Sorted = "createdAt" | "updatedAt" | "nameKey" | "lastUsedAt" | "expiresAt";

const order = (name: Sorted, descending: boolean, nulls: Order["nulls"]): Order => {
  const [column, type, direction] = [sqlNameOf(name), sqlTypeOf(name), descending ? "DESC" : "ASC"];
  const place = nulls === "never" ? "" : ` NULLS ${nulls.toUpperCase()}`;
  const key = ({ [name]: value }: ListedRow) => (value instanceof Date ? value.toISOString() : value);
  return { text: `c.${column} ${direction}${place}, c.id ${direction}`, column, type, descending, nulls, key };
};

const ORDER: Record<SortOrder, Order> = {
  "-created_at": order("createdAt", true, "never"),
  created_at: order("createdAt", false, "never"),
  "-updated_at": order("updatedAt", true, "never"),
  updated_at: order("updatedAt", false, "never"),
  name: order("nameKey", false, "never"),
  "-name": order("nameKey", true, "never"),
  "-last_used_at": order("lastUsedAt", true, "last"),
  last_used_at: order("lastUsedAt", false, "first"),
  expires_at: order("expiresAt", false, "last"),
  "-expires_at": order("expiresAt", true, "first"),
};

type Cursor = { sort: SortOrder; key: string | null; id: string };
const cursorShape = z.strictObject({
  sort: z.enum(sortOrders),
  key: z.string().max(1_000).refine(isStorable).nullable(),
  id: z.uuid(),
});

const cursorOf = (row: ListedRow, sort: SortOrder): string =>
  Buffer.from(JSON.stringify({ sort, key: ORDER[sort].key(row), id: row.id } satisfies Cursor)).toString("base64url");

function readCursor(text: string, sort: SortOrder): Cursor {
  try {
    const cursor = cursorShape.parse(JSON.parse(Buffer.from(text, "base64url").toString("utf8")));
    const timed = ORDER[sort].type === "text" || cursor.key === null || z.iso.datetime().safeParse(cursor.key).success;
    if (cursor.sort === sort && timed) return cursor;
  } catch {
    // Falls through to the one refusal: what was wrong with it helps nobody.
  }
  throw new Refusal("invalid", "The cursor is not of this list", {
    fields: [{ path: ["cursor"], message: "Start again without a cursor", code: "cursor" }],
  });
}

/** Rows behind the cursor. The row comparison is what the index of this order can seek to. */
function afterCursor(filter: Filter, sort: SortOrder, cursor: Cursor): void {
  const { column, type, descending, nulls } = ORDER[sort];
  const beyond = descending ? "<" : ">";
  filter.values.push(cursor.key, cursor.id);
  const key = `$${filter.values.length}::${type}`;
  const id = `$${filter.values.length + 1}::uuid`;
  if (cursor.key !== null) {
    const valued = `(c.${column}, c.id) ${beyond} (${key}, ${id})`;
    filter.fixed(nulls === "last" ? `(${valued} OR c.${column} IS NULL)` : valued);
  } else {
    const valueless = `(c.${column} IS NULL AND c.id ${beyond} ${id} AND ${key} IS NULL)`;
    filter.fixed(nulls === "first" ? `(${valueless} OR c.${column} IS NOT NULL)` : valueless);
  }
}
