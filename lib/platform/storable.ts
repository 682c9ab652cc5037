import { type FieldProblem, Refusal } from "@/lib/platform/refusal";

/** Whether PostgreSQL can hold a text as it is: it knows no U+0000, and no half of a surrogate pair. */
export const isStorable = (text: string): boolean => text.isWellFormed() && !text.includes("\0");

const MESSAGE = "Contains characters that cannot be stored";
const NAME_MAX = 100;
type Path = FieldProblem["path"];

/**
 * Looks through all that a caller sent, names of fields included. Every way in calls it once, so that nothing behind it
 * has to ask what a text can hold. Without recursion: what it looks through may nest as deep as it likes.
 * @throws Refusal "invalid" naming the first field
 */
export function requireStorable(value: unknown): void {
  const waiting: [unknown, Path][] = [[value, []]];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const [part, path] = next;
    if (typeof part === "string" && !isStorable(part)) throw unstorable(path);
    if (typeof part !== "object" || part === null || ArrayBuffer.isView(part)) continue;
    const inside = Array.isArray(part) ? [...part.entries()] : Object.entries(part);
    if (inside.some(([name]) => typeof name === "string" && !isStorable(name))) throw unstorable(path);
    waiting.push(...inside.map(([name, one]) => [one, [...path, short(name)]] as [unknown, Path]).reverse());
  }
}

/** The same for parameters of an address. @throws Refusal "invalid" naming the parameter */
export function requireStorableParameters(parameters: Iterable<[string, string]>): void {
  for (const [name, value] of parameters) {
    if (!isStorable(name)) throw unstorable([], "query");
    if (!isStorable(value)) throw unstorable([short(name)], "query");
  }
}

const short = (name: string | number) => (typeof name === "string" ? name.slice(0, NAME_MAX) : name);

const unstorable = (path: Path, place?: FieldProblem["place"]) =>
  new Refusal("invalid", "Some values are not acceptable", {
    fields: [{ path, message: MESSAGE, code: "unstorable", ...(place && { place }) }],
  });
