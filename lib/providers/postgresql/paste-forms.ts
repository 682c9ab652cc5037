import { commandIn } from "../command-words";
import { bareValue, type Setting, settingsIn } from "../settings";
import { readAddress } from "./connection-string";
import { fieldOf } from "./paste-names";

export interface Parts {
  settings: Setting[];
  /** Each of them speaks of this one connection: what has no field is missed. */
  whole: boolean;
}
type ReadParts = Parts | { problem: string };

/** libpq's own form: words with an equals sign, values in single quotes where they hold blanks. */
function keywordsIn(text: string): ReadParts | undefined {
  const line = text.trim().replace(/^(["`])(.*)\1$/s, "$2");
  const settings: Setting[] = [];
  KEYWORD.lastIndex = 0;
  while (KEYWORD.lastIndex < line.length) {
    const [, name, quoted, bare] = KEYWORD.exec(line) ?? [];
    if (name === undefined) return undefined;
    settings.push([name, (quoted ?? bare ?? "").replace(/\\(.)/gs, "$1")]);
  }
  // A settings file's line may look like one too, with a password of several words.
  if (!settings.some(([name]) => ["host", "hostaddr", "dbname", "service"].includes(name))) return undefined;
  return { settings, whole: true };
}

const KEYWORD = /([a-z_]+)[ \t]*=[ \t]*(?:'((?:[^'\\]|\\.)*)'|((?:[^\s'\\]|\\.)*))\s*/sy;

/** .NET's form, alone or behind a name: pairs with a semicolon between them, values in quotes where they hold one. */
function pairsIn(text: string): ReadParts | undefined {
  const line = bareValue(text.trim().replace(PAIRS_NAME, ""));
  if (!line.includes(";") || /[\r\n]/.test(line)) return undefined;
  const settings: Setting[] = [];
  PAIR.lastIndex = 0;
  while (PAIR.lastIndex < line.length) {
    const [, name, value] = PAIR.exec(line) ?? [];
    if (name === undefined || value === undefined) return undefined;
    settings.push([name.trim(), bareValue(value)]);
  }
  return settings.length > 1 ? { settings, whole: true } : undefined;
}

const PAIRS_NAME = /^(?:export[ \t]+)?(["']?)[\w.:-]{1,99}\1[ \t]*[=:][ \t]*(?=["']|[a-z][a-z ]{0,39}=)/i;
const PAIR = /([a-z][a-z _]*)=([ \t]*(?:"[^"]*"|'[^']*')[ \t]*|[^;]*)(?:;\s*|$)/iy;

const PROGRAMS = ["psql", "pg_dump", "pg_restore", "pgcli", "createdb", "pg_isready"];
const OPTIONS: Record<string, string> = { h: "host", p: "port", U: "user", d: "dbname" };
const VALUED = [
  ...["h", "p", "U", "d", "c", "f", "v", "P", "o", "L", "F", "R", "T"],
  "host",
  "port",
  "username",
  "dbname",
];

/** `psql -h host -U user database`, with PGPASSWORD in front, or with one of the other forms in place of the database. */
function commandOf(text: string): ReadParts | undefined {
  const command = commandIn(text, PROGRAMS, VALUED);
  if (!command) return undefined;
  const settings = command.options.flatMap(([name, value]): Setting[] => {
    const known = OPTIONS[name] ?? (VALUED.includes(name) && name.length > 1 ? name : undefined);
    return known === undefined ? [] : [[known, value]];
  });
  const [database, user] = command.rest;
  if (database !== undefined) settings.push(["dbname", database]);
  if (user !== undefined) settings.push(["user", user]);
  return withoutNested([...command.assigned.filter(([name]) => fieldOf(name) !== undefined), ...settings]);
}

/** How an address begins, its drivers' names in front included. A password among libpq's words may hold as much further on. */
const SCHEME = /^\s*[a-z][\w+.:-]*:\/\//i;

/** In place of a database's name there may stand an address, or libpq's words. */
function withoutNested(settings: Setting[]): ReadParts {
  const parts: Setting[] = [];
  for (const [name, value] of settings) {
    if (name !== "dbname" || !/:\/\/|=/.test(value)) parts.push([name, value]);
    else if (SCHEME.test(value)) {
      const read = readAddress(value);
      if (!read.ok) return read;
      const { host, port, database, user, password, sslmode } = read.value;
      for (const one of Object.entries({ host, port, database, user, password, sslmode })) {
        if (one[1] !== undefined) parts.push([one[0], String(one[1])]);
      }
    } else {
      const nested = keywordsIn(value);
      if (nested === undefined || "problem" in nested) return { problem: "Must name one database" };
      parts.push(...nested.settings);
    }
  }
  return { settings: parts, whole: true };
}

function linesOf(text: string): ReadParts | undefined {
  const settings = settingsIn(text);
  if (settings === undefined) return { problem: "Must be complete JSON, from { to }" };
  if (settings.some(([name]) => !["port", undefined].includes(fieldOf(name)))) return { settings, whole: false };
  const inside = settings.flatMap(([, value]) => pairsIn(value) ?? []);
  return inside.length === 1 ? inside[0] : undefined;
}

/** One line of a .pgpass: `host:port:database:user:password`, where a star stands for any, and a backslash before : and itself. */
function passLineOf(text: string): ReadParts | undefined {
  const line = text.trim();
  const [, host, port, dbname, user, password] = PASS_LINE.exec(line) ?? [];
  if (host === undefined) return undefined;
  const named = Object.entries({ host, port, dbname, user, password }).filter(([, value]) => value !== "*");
  return { settings: named.map(([name, value = ""]) => [name, value.replace(/\\(.)/gs, "$1")]), whole: true };
}

const PART = String.raw`((?:[^:\\\s]|\\.)+)`;
const PASS_LINE = new RegExp(String.raw`^${PART}:(\d{1,5}|\*):${PART}:${PART}:((?:[^:\\\r\n]|\\.)+)$`);

/** The parts in whichever of the forms the text has; undefined for what has none of them. */
export const partsIn = (text: string): ReadParts | undefined =>
  keywordsIn(text) ?? pairsIn(text) ?? commandOf(text) ?? passLineOf(text) ?? linesOf(text);
