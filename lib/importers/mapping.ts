import { type CredentialType, type Method, parseData } from "@/lib/providers/define";
import { findMethod, findProvider } from "@/lib/providers/index";
import type { FoundCredential } from "./define";
import { asOpenFields } from "./open-kind";
import { listed } from "./printable";
import { OPEN_NOTE, targetOf } from "./target";

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

export interface Translated {
  found: FoundCredential;
  notes: string[];
}

interface Row {
  /** Their words for the source: "n8n". */
  source: string;
  /** What it is kept as where no known kind takes it, with its data as they came. */
  open: { provider: string; data: Values };
  data: Values;
  /** Fields whose text stands for something else: if it is not acceptable, that is no fault of the value. */
  formulas?: string[];
}

/** A mapping that was tried on a row. */
interface Attempt {
  mapping: Mapping;
  method: Method;
  data: Values;
  notes: string[];
  /** Their fields that it has no place for. */
  left: string[];
  /** Fields of ours that it cannot do without. */
  lacks: string[];
}

/**
 * Brings a row into the form of the first mapping that has a place for every one of its values and lacks nothing. Where
 * none does, or there is no mapping, everything is kept as it came, under an open type, with the reason: nothing is left
 * behind, and nothing is left out without a word. Values that are not acceptable stay for the import to refuse.
 * Undefined where the type has a name that cannot be kept.
 */
export function translate(mappings: Mapping[], row: Row): Translated | undefined {
  const attempts = mappings.filter(({ when }) => when?.(row.data) ?? true).flatMap((one) => attempt(one, row) ?? []);
  const whole = attempts.find(({ left, lacks }) => left.length + lacks.length === 0);
  if (whole) {
    const { mapping, method, data, notes } = whole;
    return { found: { provider: mapping.provider, type: method.type, data }, notes };
  }
  const target = targetOf(row.open.provider);
  if (!target) return undefined;
  const [first, ...others] = attempts;
  const nearest = first && others.reduce((best, one) => (distance(one) < distance(best) ? one : best), first);
  return {
    found: { provider: target.provider, type: target.type, data: asOpenFields(row.open.data) },
    notes: nearest ? [whyOpen(nearest), ...ownNotes(nearest.mapping, row.data)] : [OPEN_NOTE],
  };
}

const distance = ({ left, lacks }: Attempt) => left.length + lacks.length;

function whyOpen({ mapping, left, lacks }: Attempt): string {
  const label = findProvider(mapping.provider)?.label ?? mapping.provider;
  const why = [
    ...(left.length > 0 ? [`has no place for: ${listed(left)}`] : []),
    ...(lacks.length > 0 ? [`needs what is missing: ${listed(lacks)}`] : []),
  ].join(", and ");
  return `Kept as an open type, every field secret, because ${label} ${why}. To have it tested here, make a credential of that type by hand.`;
}

export const isGiven = (value: unknown) => value !== undefined && value !== null && value !== "";

function attempt(mapping: Mapping, { source, data: came, formulas = [] }: Row): Attempt | undefined {
  const type = mapping.type ?? findProvider(mapping.provider)?.methods[0]?.type;
  const method = type && findMethod(mapping.provider, type);
  if (!method) return undefined;
  const given = Object.fromEntries(Object.entries(came).filter(([, value]) => isGiven(value)));
  const defaults = typeof mapping.defaults === "function" ? mapping.defaults(given) : (mapping.defaults ?? {});
  const filled = Object.keys(defaults).filter((name) => !Object.hasOwn(given, name) && isGiven(defaults[name]));
  const { data, left, dropped, automatic, ours } = brought(mapping, method, { ...defaults, ...given });
  const verdict = judged(mapping, method, data);
  const theirs = (name: string) => ours.find(([, target]) => target === name)?.[0] ?? name;
  const misfits = verdict.misfits.map(theirs).filter((name) => !left.includes(name));
  const meant = verdict.bad.map(theirs).filter((name) => formulas.includes(name));
  return {
    mapping,
    method,
    data,
    left: [...left, ...misfits, ...(meant.length === verdict.bad.length ? meant : [])],
    lacks: verdict.bad.length > meant.length ? [] : verdict.lacks,
    notes: [
      ...(filled.length > 0 ? [`Left out there, so ${source}'s own default is taken: ${listed(filled)}.`] : []),
      ...(dropped.length > 0
        ? [`Not kept, because it says how ${source} works with it and not where it leads: ${listed(dropped)}.`]
        : []),
      ...(automatic.length > 0 ? [`Set to Automatic here, which is no less strict: ${listed(automatic)}.`] : []),
      ...(LOOPBACK.test(String(filled.includes("host") ? defaults.host : given.host))
        ? [`Its host is the machine that ${source} ran on, which from here is another one: enter the host's own name.`]
        : []),
      ...ownNotes(mapping, { ...defaults, ...given }),
    ],
  };
}

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[?::1\]?)$/i;

const ownNotes = ({ notes = [] }: Mapping, data: Values): string[] =>
  notes.filter(({ when }) => when(data)).map(({ note }) => note);

interface Brought {
  data: Values;
  left: string[];
  dropped: string[];
  /** Taken as our default. */
  automatic: string[];
  /** Their name and ours. */
  ours: [theirs: string, ours: string][];
}

/** Every value of theirs goes to one place of ours, or is named. */
function brought({ join, fields, words, drop = [] }: Mapping, method: Method, theirs: Values): Brought {
  const joined = join?.make(theirs);
  const spent = new Set(joined === undefined ? [] : join?.from(theirs));
  const data: Values = joined === undefined || !join ? {} : { [join.field]: joined };
  const left: string[] = [];
  const dropped: string[] = [];
  const automatic: string[] = [];
  const ours: Brought["ours"] = [];
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
function judged({ needs, fields, join }: Mapping, method: Method, data: Values) {
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
