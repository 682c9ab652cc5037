import "server-only";
import { outsideJson } from "@/lib/platform/net/bounded-json";
import { Refusal } from "@/lib/platform/refusal";
import { isStorable } from "@/lib/platform/storable";
import { findMethod } from "@/lib/providers/index";
import { type FoundCredential, type ReadSource, ROWS_MAX, type SourceRow } from "../define";
import { flat } from "../open-kind";
import { listed } from "../printable";
import { dateIn, isObject, own, readText, textIn } from "../text";
import { translate } from "../translate";
import { kinds } from "./kinds";
import { accessNote, isOAuth, oauthMapping, withTokens } from "./oauth";

/** Reads what `n8n export:credentials --decrypted` writes: an array, or with --separate one file for each. */
export const read: ReadSource = async ({ content }) => {
  const value = parse(readText(content));
  const items = Array.isArray(value) ? value : [value];
  if (items.length > ROWS_MAX) throw new Refusal("too_large", `The file holds more than ${ROWS_MAX} credentials`);
  if (items.length > 0 && items.every((item) => isObject(item) && typeof item.data === "string")) {
    throw new Refusal(
      "invalid",
      "This export is still encrypted. Export again with: n8n export:credentials --all --decrypted --output=credentials.json",
    );
  }
  return items.map(rowOf);
};

function parse(text: string): unknown {
  const value = outsideJson(text);
  if (Array.isArray(value) || (isObject(value) && "type" in value && "data" in value)) return value;
  throw new Refusal("invalid", "This is no export of n8n's credentials: a JSON array of them is expected");
}

function rowOf(item: unknown, index: number): SourceRow {
  const { id: shownId, name, type, data, createdAt, updatedAt } = isObject(item) ? item : {};
  const known = typeof shownId === "number" ? String(shownId) : textIn(shownId);
  const kind = textIn(type) ?? "";
  const facts = {
    id: `n8n:${encodeURIComponent((known ?? `row-${index + 1}`).toWellFormed())}`,
    shownId: known ?? `row ${index + 1}`,
    name: textIn(name) ?? "",
    kind,
    createdAt: dateIn(createdAt),
    updatedAt: dateIn(updatedAt),
    notes: [],
  };
  const refused = (message: string): SourceRow => ({ ...facts, problem: { outcome: "unacceptable", message } });
  if (known !== undefined && !isStorable(known)) return refused("Its id holds characters that cannot be kept.");
  if (known === undefined) return refused("It has no id, so it could not be told apart the next time.");
  if (kind === "") return refused("It has no type.");
  if (typeof data === "string") {
    return {
      ...facts,
      problem: {
        outcome: "undecryptable",
        message: "Still encrypted in this export: export it again with --decrypted.",
      },
    };
  }
  if (!isObject(data)) return refused("Its data is no set of fields.");
  const signedIn = isOAuth(kind, data);
  const values = signedIn ? withTokens(data, facts.updatedAt) : flat(data);
  const formulas = formulasIn(values);
  const translated = translate(signedIn ? oauthMapping(kind) : (own(kinds, kind) ?? []), {
    source: "n8n",
    open: { provider: `n8n.${kind}`, data: flat(data) },
    data: values,
    formulas,
  });
  if (!translated) return refused("Its type has a name that cannot be kept.");
  const { found, notes } = translated;
  return {
    ...facts,
    toEnter: formulas.length > 0,
    found,
    notes: [...notes, ...accessNote(values, renews(found)), ...expressionNotes(formulas)],
  };
}

/** Whether access is renewed here without anybody. */
const renews = ({ provider, type, data }: FoundCredential): boolean => {
  const { refresh_token } = data;
  return typeof refresh_token === "string" && findMethod(provider, type)?.renewal?.({ refresh_token }) !== undefined;
};

/** Values that begin with = are no values there, but formulas that n8n works out. */
const formulasIn = (values: Record<string, unknown>): string[] =>
  Object.keys(values).filter((name) => /^=.*\{\{/s.test(String(values[name])));

const expressionNotes = (formulas: string[]): string[] =>
  formulas.length > 0
    ? [`Holds an n8n expression instead of a value, which means nothing here: ${listed(formulas)}. Enter the value.`]
    : [];
