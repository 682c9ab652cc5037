import { Refusal } from "@/lib/platform/refusal";
import type { SourceInput } from "./define";

/** A file's text. @throws Refusal "invalid" when it is none, or there is no file */
export function readText(content: SourceInput["content"]): string {
  if (!("bytes" in content)) throw new Refusal("invalid", "Choose a file: this source is not read from an address");
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(content.bytes);
  } catch {
    throw new Refusal("invalid", "The file is not text in UTF-8");
  }
}

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

export const textIn = (value: unknown): string | undefined =>
  typeof value === "string" && value !== "" ? value : undefined;

/** A moment in ISO 8601; undefined for anything else. */
export function dateIn(value: unknown): Date | undefined {
  const text = textIn(value);
  if (text === undefined || !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/.test(text)) return undefined;
  const at = new Date(text);
  return Number.isNaN(at.getTime()) ? undefined : at;
}

/** What a table holds under a name that somebody else made up. */
export const own = <One>(table: Record<string, One>, name: string): One | undefined =>
  Object.hasOwn(table, name) ? table[name] : undefined;

/** What stands before the first occurrence, and behind it; undefined where there is none. */
export function cut(text: string, separator: string): [string, string | undefined] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + separator.length)];
}
