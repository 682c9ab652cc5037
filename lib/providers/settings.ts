/**
 * Reads the settings that people copy whole: lines of an `.env` file, of a shell (`export …`, `$env:…`), of YAML or of an ini
 * file, and JSON with at most one object inside another. Names as they are written, in their order; values without the
 * quotes around them. What is no setting is passed over. JSON that is cut off answers undefined.
 */
export function settingsIn(text: string): Setting[] | undefined {
  // A byte order mark counts as a blank here.
  const plain = text.trim();
  return plain.startsWith("{") ? settingsOfJson(plain) : plain.split(/[\r\n]+/).flatMap(settingOfLine);
}

export type Setting = [name: string, value: string];

/** A name as it is looked up: in small letters, without the marks between words. */
export const plainName = (name: string): string => name.toLowerCase().replace(/[ _.()-]/g, "");

/**
 * What settings say of a form's fields; empty values say nothing. Undefined where two of them say different things of one
 * field: they describe several.
 */
export function fieldsIn(
  settings: Setting[],
  fieldOf: (name: string) => string | undefined,
): Record<string, string> | undefined {
  const found = new Map<string, string>();
  for (const [name, value] of settings) {
    const field = fieldOf(name);
    if (field === undefined || value === "") continue;
    if (found.has(field) && found.get(field) !== value) return undefined;
    found.set(field, value);
  }
  return Object.fromEntries(found);
}

/** A colon assigns only before a blank or a quote: an address is no setting of its scheme. */
const LINE =
  /^(?:(?:export|set|setx|const|let|var|env|-e|--env|-)[ \t]{1,9}|\$env:)?(["']?)([a-z_][\w.-]{0,99}(?: [\w.()-]{1,40}){0,3})\1[ \t]{0,9}(?:=|:(?=["' \t]|$))/i;

function settingOfLine(raw: string): Setting[] {
  const line = raw.trim();
  const [assigned, , name] = LINE.exec(line) ?? [];
  return assigned === undefined || name === undefined ? [] : [[name, bareValue(line.slice(assigned.length))]];
}

/** Without its quotes, and without what a line of a program or of JSON goes on with. */
export function bareValue(text: string): string {
  const value = text.trim();
  const quote = value[0] ?? "";
  if (quote !== '"' && quote !== "'") return value.replace(/^(\d+),$/, "$1");
  const end = /[;,]$/.test(value) ? value.length - 2 : value.length - 1;
  return end > 0 && value[end] === quote ? value.slice(1, end) : value;
}

function settingsOfJson(text: string): Setting[] | undefined {
  try {
    const parsed = JSON.parse(text) as Record<string, unknown>;
    const all = Object.entries(parsed).flatMap(([name, value]): [string, unknown][] =>
      typeof value === "object" && value !== null ? Object.entries(value) : [[name, value]],
    );
    return all.flatMap(([name, value]): Setting[] =>
      typeof value === "string" || typeof value === "number" ? [[name, String(value)]] : [],
    );
  } catch {
    return undefined;
  }
}
