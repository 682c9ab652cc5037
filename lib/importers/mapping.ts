import type { CredentialType } from "@/lib/providers/define";
import { findMethod, findProvider } from "@/lib/providers/index";
import { isStorable } from "@/lib/storable";
import type { FoundCredential } from "./define";
import { listed } from "./printable";
import { OPEN_NOTE, targetOf } from "./target";

/** How a type of another system is written here. One value per type, so that a table of them can be read at a glance. */
export interface Mapping {
  provider: string;
  /** Where the provider has several ways to sign in. */
  type?: CredentialType;
  /** Their field: ours. */
  fields: Record<string, string>;
  /** Their words for a field of ours: ours, or null for our default. */
  words?: Record<string, Record<string, string | boolean | null>>;
  /** Fields that say how their system works with the connection, and nothing about signing in. */
  drop?: string[];
  /** A field of ours that is made of several of theirs, which it then stands for. */
  join?: { field: string; from: string[]; make: (data: Record<string, unknown>) => string | undefined };
}

export interface Translated {
  found: FoundCredential;
  notes: string[];
}

/**
 * Brings a row into the form of the first mapping that has a place for every one of its values. Where none has, or there
 * is no mapping, everything is kept as it came, under an open type: nothing is left behind without a word.
 */
export function translate(
  mappings: Mapping[],
  open: { provider: string; data: Record<string, unknown> },
  data: Record<string, unknown>,
): Translated | undefined {
  let left: string[] = [];
  for (const mapping of mappings) {
    const tried = apply(mapping, data);
    if (tried && tried.left.length === 0) return { found: tried.found, notes: [] };
    if (tried) left = tried.left;
  }
  const target = targetOf(open.provider);
  if (!target) return undefined;
  const [mapping] = mappings;
  const label = mapping && findProvider(mapping.provider)?.label;
  return {
    found: { provider: target.provider, type: target.type, data: open.data },
    notes: [
      label && left.length > 0
        ? `Kept as an open type, every field secret, because ${label} has no place for: ${listed(left)}.`
        : OPEN_NOTE,
    ],
  };
}

const isGiven = (value: unknown) => value !== undefined && value !== null && value !== "";

function apply(
  mapping: Mapping,
  data: Record<string, unknown>,
): { found: FoundCredential; left: string[] } | undefined {
  const type = mapping.type ?? findProvider(mapping.provider)?.methods[0]?.type;
  const method = type && findMethod(mapping.provider, type);
  if (!type || !method) return undefined;
  const { join, fields, words, drop = [] } = mapping;
  const joined = join?.make(data);
  const spent = new Set([...drop, ...(joined === undefined ? [] : (join?.from ?? []))]);
  const ours: Record<string, unknown> = joined === undefined || !join ? {} : { [join.field]: joined };
  const left: string[] = [];
  for (const [name, value] of Object.entries(data).filter(([name, one]) => isGiven(one) && !spent.has(name))) {
    const target = Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (target) ours[target] = inOurWords(words?.[target], value);
    else if (method.openFields) ours[name] = value;
    else left.push(name);
  }
  return { found: { provider: mapping.provider, type, data: ours }, left };
}

const inOurWords = (words: Record<string, unknown> | undefined, value: unknown): unknown =>
  words && Object.hasOwn(words, String(value)) ? words[String(value)] : value;

/** What a credential holds is flat: a part that is not is kept as its JSON. */
export const flat = (data: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(data).map(([name, value]) => [
      name,
      typeof value === "object" && value !== null ? JSON.stringify(value) : value,
    ]),
  );

interface MongoPlace {
  host: unknown;
  port?: unknown;
  user?: unknown;
  password?: unknown;
  database?: unknown;
  /** The host is a DNS name that lists the servers. */
  srv?: boolean;
}

/** A MongoDB address of its parts, each encoded by itself; undefined without a host. */
export function mongoUrl({ host, port, user, password, database, srv }: MongoPlace): string | undefined {
  if (typeof host !== "string" || host === "") return undefined;
  // Half a character cannot be encoded. Such a part is left as it came, and refused where values are judged.
  if (![host, user, password, database].map(String).every(isStorable)) return undefined;
  const encoded = (value: unknown) => encodeURIComponent(String(value));
  const who = isGiven(user) ? `${encoded(user)}${isGiven(password) ? `:${encoded(password)}` : ""}@` : "";
  const where = `${host}${isGiven(port) && !srv ? `:${String(port)}` : ""}`;
  return `mongodb${srv ? "+srv" : ""}://${who}${where}/${isGiven(database) ? encoded(database) : ""}`;
}
