import { z } from "zod";
import { findKind } from "@/lib/providers/catalog/registry";
import type { Field, Method } from "@/lib/providers/define";

/**
 * What of a definition decides which code stored values go through: its functions, what each field accepts, its secrecy
 * and place, what is public of its example; not names, labels and help, nor what a form reads of a pasted text, nor how a
 * declared kind is tried out, which only a connection test reads. Kinds of one shape cannot come apart on a path that knows nothing but the definition. It is
 * computed: a kind of a new shape counts from the day it is there.
 */
export function shapeOf(id: string, method: Method): string {
  const { label: _, help: __, paste: ___, example, fields, authorization, ...rest } = method;
  const facts = method.publicFacts?.(example) ?? {};
  return JSON.stringify([
    // Code of a provider's own is a shape of its own.
    findKind(id) ? "" : id,
    Object.entries(rest).map(([name, value]) => [name, typeof value === "function" ? String(value) : value]),
    Object.entries(fields)
      .map(([name, field]) => JSON.stringify([shapeOfField(field), shapeOfValue(example[name]), name in facts]))
      .sort(),
    Object.keys(facts).sort(),
    authorization?.client,
  ]);
}

/** The first of each shape, of those that are given. */
export function oneOfEachShape<Kind extends { id: string; method: Method }>(kinds: readonly Kind[]): Set<Kind> {
  const first = new Map<string, Kind>();
  for (const kind of kinds) {
    const shape = shapeOf(kind.id, kind.method);
    if (!first.has(shape)) first.set(shape, kind);
  }
  return new Set(first.values());
}

function shapeOfField({ schema, options, default: preset, aliases = [], ...field }: Field): unknown {
  const { label: _, help: __, placeholder: ___, docs: ____, emptyLabel: _____, ...rest } = field;
  const { enum: values, ...accepted } = z.toJSONSchema(schema, { unrepresentable: "any", io: "input" });
  return [accepted, values !== undefined, options !== undefined, typeof preset, aliases.length, rest];
}

/** A URL with somebody in it is taken apart where others are shown or kept as a whole. */
const shapeOfValue = (value: unknown) => [typeof value, /:\/\//.test(String(value)), /:\/\/[^/]*@/.test(String(value))];
