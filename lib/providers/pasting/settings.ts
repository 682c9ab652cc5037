import { bareValue, fieldsIn, plainName, type Setting, settingsIn } from "../settings";
import type { Found } from "./read";

/**
 * Reads lines of a settings file, of a shell or of an ini file, JSON, and a table of one line below its heading, by the names that
 * the kind's file gives for each field. What else stands there is passed over.
 */
export function readSettings(names: Readonly<Record<string, readonly string[]>>, text: string): Found | undefined {
  const fields = new Map(Object.entries(names).flatMap(([field, some]) => some.map((one) => [plainName(one), field])));
  const fieldOf = (name: string) => fields.get(plainName(name));
  const settings = tableIn(text, fieldOf) ?? settingsIn(text);
  if (settings === undefined) return { problem: "Must be complete JSON, from { to }" };
  if (settings === "several") return { problem: SEVERAL };
  if (!settings.some(([name, value]) => value !== "" && fieldOf(name) !== undefined)) return undefined;
  const values = fieldsIn(settings, fieldOf);
  return values ? { values } : { problem: SEVERAL };
}

const SEVERAL = "Must describe one account; copy the lines that are meant";

/** A heading of names, and values below it: how clouds hand out keys to be downloaded. Undefined for what is no such table. */
function tableIn(text: string, fieldOf: (name: string) => string | undefined): Setting[] | "several" | undefined {
  const [heading = "", row, ...others] = text.trim().split(/[\r\n]+/);
  const comma = [",", ";", "\t"].find((one) => heading.includes(one));
  if (comma === undefined || row === undefined) return undefined;
  const names = heading.split(comma).map(bareValue);
  if (!names.some((name) => fieldOf(name) !== undefined)) return undefined;
  if (others.some((line) => line.trim() !== "")) return "several";
  const values = row.split(comma).map(bareValue);
  return names.map((name, at) => [name, values[at] ?? ""]);
}
