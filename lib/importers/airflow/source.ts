import "server-only";
import { outsideJson } from "@/lib/platform/net/bounded-json";
import { Refusal } from "@/lib/platform/refusal";
import { isStorable } from "@/lib/platform/storable";
import { type ReadSource, ROWS_MAX, type SourceProblem, type SourceRow } from "../define";
import { flat } from "../open-kind";
import { listed } from "../printable";
import { isObject, own, readText, textIn } from "../text";
import { translate } from "../translate";
import { type DecryptionResult, malformedKey, opened, wrongKey } from "./encrypted";
import { type FernetKey, readFernetKeys } from "./fernet";
import { kinds } from "./kinds";
import { type Entry, parseExport } from "./parse";
import { type Connection, readUri } from "./uri";

/** Reads what `airflow connections export` and `connections list` write, and rows of its database as JSON or YAML. */
export const read: ReadSource = async ({ content, key }) => {
  const isGiven = key !== undefined && key.trim() !== "";
  const keys = (isGiven && readFernetKeys(key)) || [];
  const entries = parseExport(readText(content));
  if (entries.length > ROWS_MAX) throw new Refusal("too_large", `The file holds more than ${ROWS_MAX} connections`);
  const looked = entries.map((entry) => ({ entry, content: contentOf(entry, keys) }));
  const locked = looked.filter(({ content }) => "locked" in content).length;
  const wasOpened = looked.some(({ content }) => "connection" in content && content.wasEncrypted);
  if (isGiven && locked > 0 && !wasOpened) throw keys.length > 0 ? wrongKey(locked) : malformedKey();
  return looked.map(({ entry, content }) => rowOf(entry, content));
};

/** What Airflow shows in a secret's place. */
const MASK = "***";

type Content =
  | { connection: Connection | undefined; notes: string[]; wasEncrypted: boolean }
  | { locked: SourceProblem; kind: string };

function contentOf({ value }: Entry, keys: FernetKey[]): Content {
  const plain = { notes: [], wasEncrypted: false };
  if (typeof value === "string") return { connection: readUri(value), ...plain };
  if (!isObject(value)) return { connection: undefined, ...plain };
  const read = opened(value, keys);
  if (!read.ok) return { locked: lockedProblem(read), kind: textIn(value.conn_type) ?? "" };
  const masked = read.value.password === MASK;
  const notes = [
    ...read.notes,
    ...(masked
      ? ["Airflow masked its password in this list: export with airflow connections export, or enter it."]
      : []),
    ...(textIn(value.description) === undefined ? [] : ["Its description is not kept."]),
  ];
  const fields = masked ? { ...read.value, password: null } : read.value;
  return { connection: fromFields(fields), notes, wasEncrypted: read.wasEncrypted };
}

const lockedProblem = ({ why, fields }: Extract<DecryptionResult, { ok: false }>): SourceProblem => ({
  outcome: "undecryptable",
  message:
    why === "no_key"
      ? `Still encrypted in this export: ${listed(fields)}. Give Airflow's Fernet key (fernet_key in airflow.cfg, or AIRFLOW__CORE__FERNET_KEY), or export with: airflow connections export.`
      : `Does not open with this key: ${listed(fields)}. It was saved under another one, or is damaged. Give all keys that Airflow has had, with commas between them, or enter it by hand.`,
});

function rowOf({ id }: Entry, content: Content): SourceRow {
  const connection = "connection" in content ? content.connection : undefined;
  const kind = "kind" in content ? content.kind : (connection?.conn_type ?? "");
  const facts = { id: `airflow:${encodeURIComponent(id.toWellFormed())}`, shownId: id, name: id, kind, notes: [] };
  const refused = (message: string): SourceRow => ({ ...facts, problem: { outcome: "unacceptable", message } });
  if (!isStorable(id)) return refused("Its connection id holds characters that cannot be kept.");
  if (id === "") return refused("It has no connection id.");
  if ("locked" in content) return { ...facts, problem: content.locked };
  if (!connection) return refused("It is neither a connection's fields nor a URI with every part percent-encoded.");
  if (kind === "") return refused("It has no connection type.");
  const { conn_type, ...fields } = connection;
  const translated = translate(own(kinds, kind) ?? [], {
    source: "Airflow",
    open: { provider: `airflow.${kind}`, data: { ...fields } },
    data: known(fields),
  });
  if (!translated) return refused("Its connection type has a name that cannot be kept.");
  return { ...facts, found: translated.found, notes: [...translated.notes, ...content.notes] };
}

/** Undefined for values of the wrong kind. */
function fromFields(value: Record<string, unknown>): Connection | undefined {
  const { conn_type, login, password, host, port, schema, extra_dejson, extra = extra_dejson } = value;
  const uri = textIn(value.uri);
  if (conn_type === undefined && uri) return readUri(uri);
  const texts = { login, password, host, schema };
  const isText = (one: unknown) => one === undefined || one === null || typeof one === "string";
  if (!Object.values({ ...texts, conn_type }).every(isText)) return undefined;
  const number = port === undefined || port === null || port === "" ? undefined : Number(port);
  if (number !== undefined && !Number.isInteger(number)) return undefined;
  const given = Object.entries(texts).flatMap(([name, one]) => (textIn(one) === undefined ? [] : [[name, one]]));
  const more = isObject(extra) ? JSON.stringify(extra) : textIn(extra);
  return {
    conn_type: (textIn(conn_type) ?? "").toLowerCase(),
    ...Object.fromEntries(given),
    ...(number === undefined ? {} : { port: number }),
    ...(more && more !== "{}" ? { extra: more } : {}),
  };
}

/** The fields as the tables of types know them: each part of `extra` by itself, where it is JSON. */
function known({ extra, ...fields }: Omit<Connection, "conn_type">): Record<string, unknown> {
  if (extra === undefined) return { ...fields };
  // What is not JSON, or nests too deep for it, stays whole.
  const parts = outsideJson(extra);
  if (!isObject(parts)) return { ...fields, extra };
  const named = Object.entries(flat(parts)).map(([name, value]) => [`extra.${name}`, value]);
  return { ...fields, ...Object.fromEntries(named) };
}
