/** The words of a command line as a shell has them: quotes and backslashes. Undefined where a quote is not closed. */
function wordsOf(line: string): string[] | undefined {
  const words: string[] = [];
  WORD.lastIndex = 0;
  const text = line.trim().replace(/^\$ /, "");
  while (WORD.lastIndex < text.length) {
    const word = WORD.exec(text)?.[1];
    if (word === undefined) return undefined;
    words.push(word.replace(PART, (part) => (QUOTED.test(part) ? part.slice(1, -1) : part.slice(1))));
  }
  return words;
}

const WORD = /((?:[^\s"'\\]|\\.|"[^"]*"|'[^']*')+)\s*/y;
const PART = /\\.|"[^"]*"|'[^']*'/g;
const QUOTED = /^["']/;

export interface Command {
  /** `NAME=value` before the program. */
  assigned: [name: string, value: string][];
  program: string;
  /** By letter or long name, without dashes. */
  options: [name: string, value: string][];
  rest: string[];
}

/** The parts of one command; undefined for what is none of these programs'. `valued`: its options that take a value. */
export function commandIn(line: string, programs: readonly string[], valued: readonly string[]): Command | undefined {
  const words = wordsOf(line);
  if (!words || /[\r\n]/.test(line.trim())) return undefined;
  const start = words.findIndex((word) => !ASSIGNED.test(word) && word !== "env");
  const program = words[start]?.split("/").at(-1) ?? "";
  if (!programs.includes(program)) return undefined;
  const assigned = words.slice(0, start).flatMap((word): [string, string][] => {
    const [, name, value] = ASSIGNED.exec(word) ?? [];
    return name === undefined || value === undefined ? [] : [[name, value]];
  });
  return { assigned, program, ...optionsOf(words.slice(start + 1), valued) };
}

const ASSIGNED = /^([A-Z_][A-Z0-9_]*)=(.*)$/is;

function optionsOf(words: string[], valued: readonly string[]): Pick<Command, "options" | "rest"> {
  const options: Command["options"] = [];
  const rest: string[] = [];
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? "";
    const [, long, value] = /^--([a-z][a-z-]*)(?:=(.*))?$/s.exec(word) ?? [];
    const [, short = "", glued = ""] = /^-([a-z])(.*)$/is.exec(word) ?? [];
    const name = long ?? short;
    if (name === "") rest.push(word);
    else if (value !== undefined || !valued.includes(name)) options.push([name, value ?? glued]);
    else options.push([name, glued !== "" ? glued : (words[++at] ?? "")]);
  }
  return { options, rest };
}
