import { type CredentialType, type Method, parseData } from "@/lib/providers/define";

/** Their fields and values, or ours. */
export type Values = Record<string, unknown>;

/** How a type of another system is written here. One value per type, so that a table of them can be read at a glance. */
export interface Mapping {
  provider: string;
  /** Where the provider has several ways to sign in. */
  type?: CredentialType;
  /** Their field: ours. */
  fields: Record<string, string>;
  /** Only rows like this can be meant by it. */
  when?: (data: Values) => boolean;
  /** What their system takes where a field is left out. */
  defaults?: Values | ((data: Values) => Values);
  /** Their words for a field of ours: ours, or null for our default. */
  words?: Record<string, Record<string, string | boolean | null>>;
  /**
   * Fields that say how their system works with the connection, and nothing about where it leads or as whom: by name, by
   * its beginning ("extra.keepalives*"), or with the one value that says nothing ("sshTunnel=false").
   */
  drop?: string[];
  /** A field of ours that is made of several of theirs, which it then stands for. */
  join?: { field: string; from: (data: Values) => string[]; make: (data: Values) => string | undefined };
  /** Fields of ours without which a row is none of these. Else those that the kind asks for and the other system knows. */
  needs?: string[];
  /** Fixed words about rows like this. */
  notes?: { when: (data: Values) => boolean; note: string }[];
}

export const isGiven = (value: unknown) => value !== undefined && value !== null && value !== "";

interface MappedCredential {
  data: Values;
  left: string[];
  dropped: string[];
  /** Taken as our default. */
  automatic: string[];
  /** Their name and ours. */
  ours: [theirs: string, ours: string][];
}

/** Every value of theirs goes to one place of ours, or is named. */
export function brought({ join, fields, words, drop = [] }: Mapping, method: Method, theirs: Values): MappedCredential {
  const joined = join?.make(theirs);
  const spent = new Set(joined === undefined ? [] : join?.from(theirs));
  const data: Values = joined === undefined || !join ? {} : { [join.field]: joined };
  const left: string[] = [];
  const dropped: string[] = [];
  const automatic: string[] = [];
  const ours: MappedCredential["ours"] = [];
  for (const [name, value] of Object.entries(theirs)) {
    if (spent.has(name)) continue;
    const target = Object.hasOwn(fields, name) ? fields[name] : undefined;
    const place = target ?? (method.openFields ? name : undefined);
    if (target === undefined && drop.some((rule) => isDropped(rule, name, value))) dropped.push(name);
    // Two of theirs for one of ours: neither may be lost.
    else if (place === undefined || (Object.hasOwn(data, place) && data[place] !== value)) left.push(name);
    else {
      const word = inOurWords(target === undefined ? undefined : words?.[target], value);
      if (word === null) automatic.push(name);
      else data[place] = word;
      ours.push([name, place]);
    }
  }
  return { data, left, dropped, automatic, ours };
}

function isDropped(rule: string, name: string, value: unknown): boolean {
  if (rule.endsWith("*")) return name.startsWith(rule.slice(0, -1));
  const [wanted, only] = rule.split("=");
  return name === wanted && (only === undefined || String(value).toLowerCase() === only);
}

const inOurWords = (words: Values | undefined, value: unknown): unknown =>
  words && Object.hasOwn(words, String(value)) ? words[String(value)] : value;

/** By the kind's own rules, as a save would: what is missing, what has no place, and what is not acceptable. */
export function validated({ needs, fields, join }: Mapping, method: Method, data: Values) {
  const parsed = parseData(method, data);
  const known = new Set([...Object.values(fields), ...(join ? [join.field] : [])]);
  const asked = needs ?? [...known].filter((name) => method.fields[name]?.required);
  const missing = asked.filter((name) => !isGiven(data[name]));
  if (parsed.ok) return { lacks: missing, misfits: [], bad: [] };
  const named = (...codes: string[]) =>
    parsed.problems.filter(({ code }) => codes.includes(code)).map(({ path }) => String(path[0] ?? ""));
  const absent = named("missing");
  // One without a name is about how many there are.
  const misfits = [
    ...named("unknown_field"),
    ...parsed.problems.flatMap(({ path }) => (path.length === 0 ? ["all"] : [])),
  ];
  const bad = parsed.problems.flatMap(({ path: [name], code }) =>
    name === undefined || code === "missing" || code === "unknown_field" ? [] : [String(name)],
  );
  return { lacks: [...new Set([...absent, ...missing])], misfits, bad };
}
