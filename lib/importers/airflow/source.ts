import "server-only";
import { outsideJson } from "@/lib/net/bounded-json";
import { Refusal } from "@/lib/refusal";
import { isStorable } from "@/lib/storable";
import { type ReadSource, ROWS_MAX, type SourceRow } from "../define";
import { translate } from "../mapping";
import { flat } from "../open-kind";
import { isObject, own, readText, textIn } from "../text";
import { kinds } from "./kinds";
import { type Entry, parseExport } from "./parse";
import { type Connection, readUri } from "./uri";

/** Reads what `airflow connections export` writes, in each of its formats. */
export const read: ReadSource = async ({ content }) => {
  const entries = parseExport(readText(content));
  if (entries.length > ROWS_MAX) throw new Refusal("too_large", `The file holds more than ${ROWS_MAX} connections`);
  return entries.map(rowOf);
};

function rowOf({ id, value }: Entry): SourceRow {
  const connection = typeof value === "string" ? readUri(value) : isObject(value) ? fromFields(value) : undefined;
  const kind = connection?.conn_type ?? "";
  const facts = { id: `airflow:${encodeURIComponent(id.toWellFormed())}`, shownId: id, name: id, kind, notes: [] };
  const refused = (message: string): SourceRow => ({ ...facts, problem: { outcome: "unacceptable", message } });
  if (!isStorable(id)) return refused("Its connection id holds characters that cannot be kept.");
  if (id === "") return refused("It has no connection id.");
  if (!connection) return refused("It is neither a connection's fields nor a URI with every part percent-encoded.");
  if (kind === "") return refused("It has no connection type.");
  const { conn_type, ...fields } = connection;
  const translated = translate(own(kinds, kind) ?? [], {
    source: "Airflow",
    open: { provider: `airflow.${kind}`, data: { ...fields } },
    data: known(fields),
  });
  if (!translated) return refused("Its connection type has a name that cannot be kept.");
  const described = isObject(value) && textIn(value.description) !== undefined;
  return {
    ...facts,
    found: translated.found,
    notes: [...translated.notes, ...(described ? ["Its description is not kept."] : [])],
  };
}

/** Undefined for values of the wrong kind. */
function fromFields(value: Record<string, unknown>): Connection | undefined {
  const { conn_type, login, password, host, port, schema, extra } = value;
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
