import type { PasteResult } from "../define";
import { isPort } from "../host-syntax";
import { pastedFields } from "../placeholder";
import { fieldsIn } from "../settings";
import { REFUSED_PARAMETERS } from "./parameters";
import { type Parts, partsIn } from "./paste-forms";
import { fieldOf, modeOf } from "./paste-names";

/**
 * Reads a database's place where it is written in parts: libpq's `host=… dbname=…`, `Host=…;Username=…` of .NET, a `psql`
 * line with its options, the lines of a settings file (PGHOST, POSTGRES_USER, DB_NAME, …), and the JSON in which a vault of a
 * cloud keeps it. Undefined for what is none of them.
 */
export function pasteSettings(text: string): PasteResult | undefined {
  const read = partsIn(text);
  if (read === undefined) return undefined;
  return "problem" in read ? refuse(read.problem) : fieldsOf(read);
}

const refuse = (problem: string): PasteResult => ({ ok: false, problem });

function fieldsOf({ settings, whole }: Parts): PasteResult {
  const others = settings.filter(([name]) => fieldOf(name) === undefined);
  for (const [name, value] of others) {
    const why = whole ? REFUSED_PARAMETERS.get(name.toLowerCase()) : undefined;
    if (why !== undefined) return refuse(`May not have ${name.toLowerCase()}: ${why}`);
    if (KIND.test(name) && OTHER.test(value)) return refuse(NOT_OURS);
  }
  const found = fieldsIn(settings, fieldOf);
  if (found === undefined) return refuse("Must describe one database; copy the lines that are meant");
  const { host, port, database, username, password } = found;
  if (port !== undefined && !isPort(port)) return refuse("Must have a port from 1 to 65535, or none");
  const sslmode = modeOf(found.sslmode);
  const data = { host, port: port && Number(port), database, username, password, sslmode };
  const pasted = pastedFields(data, "text");
  return whole && others.length > 0 ? { ...pasted, note: [pasted.note, LEFT].filter(Boolean).join(" ") } : pasted;
}

const KIND = /^(?:db|database)?[_.]?(?:engine|type|dialect|connection)$/i;
const OTHER = /mysql|maria|mssql|sqlserver|sqlite|oracle|mongo|redis/i;
const NOT_OURS = "Must be PostgreSQL's; these are the settings of another database";
const LEFT = "Other settings were left out: no field here holds them.";
