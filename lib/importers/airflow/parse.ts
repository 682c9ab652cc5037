import "server-only";
import { getNodeValue, type Node, type ParseError, parseTree } from "jsonc-parser";
import { isMap, isScalar, isSeq, type Pair, parseDocument, type YAMLMap, type YAMLSeq } from "yaml";
import { DEPTH_MAX, depthOf } from "@/lib/platform/json-depth";
import { outsideJson } from "@/lib/platform/net/bounded-json";
import { Refusal } from "@/lib/platform/refusal";
import { isObject, textIn } from "../text";

/** An entry of an export: a URI, the connection's fields, or something that is neither. */
export interface Entry {
  id: string;
  value: unknown;
}

/** How often one entry may repeat another part of the file. */
const ALIASES_MAX = 50;
const ENV_LINE = /^(?:export[ \t]+)?([A-Za-z0-9_][\w.:()#/-]{0,250})=(.*)$/s;

/**
 * Takes an export apart, whichever of Airflow's formats it is in. An id that stands there twice is two entries.
 * @throws Refusal "invalid" when it is in none of them
 */
export function parseExport(text: string): Entry[] {
  const trimmed = text.replace(/^\uFEFF/, "").trim();
  if (/^[{[]/.test(trimmed)) return fromJson(trimmed);
  return fromEnv(trimmed) ?? fromYaml(trimmed);
}

function fromJson(text: string): Entry[] {
  if (depthOf(text) > DEPTH_MAX) throw unreadable();
  const errors: ParseError[] = [];
  let tree: Node | undefined;
  try {
    tree = parseTree(text, errors, { disallowComments: true, allowTrailingComma: false });
  } catch {
    // Damaged in a way that makes it nest deeper than was counted.
  }
  if (!tree || errors.length > 0) throw unreadable();
  if (tree.type === "array") return listOf((tree.children ?? []).map((node) => getNodeValue(node) as unknown));
  return (tree.children ?? []).flatMap(({ children: [key, value] = [] }) =>
    key && value ? [{ id: String(getNodeValue(key)), value: getNodeValue(value) as unknown }] : [],
  );
}

/** What `connections list` prints and a database holds: rows that name their connection themselves. @throws Refusal "invalid" */
function listOf(rows: unknown[]): Entry[] {
  if (!rows.some((row) => isObject(row) && "conn_id" in row)) throw unreadable();
  return rows.map((row) => ({ id: (isObject(row) && textIn(row.conn_id)) || "", value: row }));
}

/** Undefined when a line is not of this form. */
function fromEnv(text: string): Entry[] | undefined {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== "" && !line.trimStart().startsWith("#"));
  const found = lines.map((line) => ENV_LINE.exec(line.trim()));
  if (found.length === 0 || found.some((match) => !match)) return undefined;
  return found.map((match) => {
    const [, name = "", value = ""] = match ?? [];
    const id = name.startsWith("AIRFLOW_CONN_") ? name.slice("AIRFLOW_CONN_".length).toLowerCase() : name;
    const plain = unquoted(value.trim());
    return { id, value: plain.startsWith("{") ? (outsideJson(plain) ?? plain) : plain };
  });
}

const unquoted = (text: string) => /^(["'])(.*)\1$/s.exec(text)?.[2] ?? text;

function fromYaml(text: string): Entry[] {
  let contents: unknown;
  try {
    const document = parseDocument(text, { uniqueKeys: false, logLevel: "silent" });
    if (document.errors.length > 0) throw unreadable();
    contents = document.contents;
    const contentOf = (node: unknown) =>
      isMap(node) ? fieldsOf(node, (one) => one.toJS(document, { maxAliasCount: ALIASES_MAX })) : textOf(node);
    if (isSeq(contents)) return listOf((contents as YAMLSeq).items.map(contentOf));
    if (!isMap(contents)) throw unreadable();
    return (contents as YAMLMap).items.map((pair: Pair) => ({
      id: textOf(pair.key) ?? "",
      value: contentOf(pair.value),
    }));
  } catch (error) {
    if (error instanceof Refusal) throw error;
    throw unreadable();
  }
}

/** Fields in the words they were written in: a password of digits is no number. */
function fieldsOf(
  map: YAMLMap,
  toJs: (node: { toJS: YAMLMap["toJS"] }) => unknown,
): Record<string, unknown> | undefined {
  try {
    return Object.fromEntries(
      map.items.map(({ key, value }: Pair) => [
        textOf(key) ?? "",
        isScalar(value) || value === null ? textOf(value) : toJs(value as YAMLMap),
      ]),
    );
  } catch {
    // Repeats other parts of the file without end.
    return undefined;
  }
}

function textOf(node: unknown): string | null {
  if (!isScalar(node) || node.value === null) return null;
  return node.type === "PLAIN" ? (node.source ?? String(node.value)) : String(node.value);
}

const unreadable = () =>
  new Refusal("invalid", "This is no export of Airflow's connections: JSON, YAML or env lines are expected");
