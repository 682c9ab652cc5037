import type { Pasted } from "../define";
import { pastedFields } from "../placeholder";
import { REFUSED_PARAMETERS } from "./parameters";
import { type Parts, partsIn } from "./paste-forms";
import { fieldOf, modeOf } from "./paste-names";
import { definedOf } from "./unreadable";

/**
 * Reads a database's place where it is written in parts: libpq's `host=… dbname=…`, `Host=…;Username=…` of .NET, a `psql`
 * line with its options, the lines of a settings file (PGHOST, POSTGRES_USER, DB_NAME, …), and the JSON in which a vault of a
 * cloud keeps it. Undefined for what is none of them.
 */
export function pasteSettings(text: string): Pasted | undefined {
  const read = partsIn(text);
  if (read === undefined) return undefined;
  return "problem" in read ? refuse(read.problem) : fieldsOf(read);
}

const refuse = (problem: string): Pasted => ({ ok: false, problem });

function fieldsOf({ settings, whole }: Parts): Pasted {
  const found = new Map<string, string>();
  let left = 0;
  for (const [name, value] of settings) {
    const field = fieldOf(name);
    if (field === undefined) {
      const why = whole ? REFUSED_PARAMETERS.get(name.toLowerCase()) : undefined;
      if (why !== undefined) return refuse(`May not have ${name.toLowerCase()}: ${why}`);
      if (/^(?:db|database)?[_.]?(?:engine|type|dialect|connection)$/i.test(name) && OTHER.test(value))
        return refuse(NOT_OURS);
      left++;
    } else if (value !== "") {
      if (found.has(field) && found.get(field) !== value)
        return refuse("Must describe one database; copy the lines that are meant");
      found.set(field, value);
    }
  }
  const port = found.get("port");
  if (port !== undefined && !isPort(port)) return refuse("Must have a port from 1 to 65535, or none");
  const { host, username, database, password } = Object.fromEntries(found);
  const data = {
    host,
    port: port && Number(port),
    database,
    username,
    password,
    sslmode: modeOf(found.get("sslmode")),
  };
  const pasted = pastedFields(definedOf(data), "text");
  return whole && left > 0 ? { ...pasted, note: [pasted.note, LEFT].filter(Boolean).join(" ") } : pasted;
}

const OTHER = /mysql|maria|mssql|sqlserver|sqlite|oracle|mongo|redis/i;
const NOT_OURS = "Must be PostgreSQL's; these are the settings of another database";
const LEFT = "Other settings were left out: no field here holds them.";

const isPort = (text: string) => /^[1-9]\d{0,4}$/.test(text) && Number(text) <= 65_535;
