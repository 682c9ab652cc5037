import type { Method } from "@/lib/providers/define";
import { findMethod, findProvider } from "@/lib/providers/index";
import type { FoundCredential } from "./define";
import { brought, isGiven, type Mapping, type Values, validated } from "./mapping";
import { asOpenFields } from "./open-kind";
import { listed } from "./printable";
import { OPEN_NOTE, targetOf } from "./target";

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

function attempt(mapping: Mapping, { source, data: came, formulas = [] }: Row): Attempt | undefined {
  const type = mapping.type ?? findProvider(mapping.provider)?.methods[0]?.type;
  const method = type && findMethod(mapping.provider, type);
  if (!method) return undefined;
  const given = Object.fromEntries(Object.entries(came).filter(([, value]) => isGiven(value)));
  const defaults = typeof mapping.defaults === "function" ? mapping.defaults(given) : (mapping.defaults ?? {});
  const filled = Object.keys(defaults).filter((name) => !Object.hasOwn(given, name) && isGiven(defaults[name]));
  const { data, left, dropped, automatic, ours } = brought(mapping, method, { ...defaults, ...given });
  const verdict = validated(mapping, method, data);
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
