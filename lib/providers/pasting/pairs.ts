/**
 * Reads `Name=value;Other=value` as .NET, ODBC and JDBC have it. In .NET a value may stand in quotes, in the others in braces; their
 * closing mark is doubled inside. Names in small letters without blanks. Undefined for what is written otherwise.
 */
export function pairsIn(text: string, marks: "quotes" | "braces"): Map<string, string> | undefined {
  const found = new Map<string, string>();
  const pair = marks === "quotes" ? QUOTED : BRACED;
  pair.lastIndex = 0;
  while (pair.lastIndex < text.length) {
    const [, name, marked, bare] = pair.exec(text) ?? [];
    if (name === undefined) return undefined;
    found.set(name.toLowerCase().replace(/[ _]/g, ""), marked === undefined ? (bare ?? "").trim() : unmarked(marked));
  }
  return found;
}

function unmarked(value: string): string {
  const end = value.slice(-1);
  return value.slice(1, -1).replaceAll(end + end, end);
}

const QUOTED =
  /\s*([A-Za-z][A-Za-z _]{0,60}?)\s*=\s*(?:("(?:[^"]|"")*"|'(?:[^']|'')*')(?=\s*(?:;|$))|([^;]*))\s*(?:;[\s;]*|$)/y;
const BRACED = /\s*([A-Za-z][A-Za-z _]{0,60}?)\s*=\s*(?:(\{(?:[^}]|\}\})*\})(?=\s*(?:;|$))|([^;]*))\s*(?:;[\s;]*|$)/y;
