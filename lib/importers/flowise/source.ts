import "server-only";
import type { Network } from "@/lib/providers/define-connection";
import { unwrapAddress } from "@/lib/providers/wrapping";
import type { ReadSource, SourceFacts, SourceProblem, SourceRow } from "../define";
import { asOpenFields, flat } from "../open-kind";
import { listed } from "../printable";
import { refuseInput } from "../refuse-input";
import { OPEN_NOTE, targetOf } from "../target";
import { unreadable } from "./database-problems";
import { decrypt } from "./decrypt";
import { isMysqlAddress } from "./mysql-address";
import type { StoredCredential, StoredRow } from "./tables";
import { rowsOfWorkspace } from "./workspace";

/** Reads and decrypts the credentials of a Flowise database. */
export const read: ReadSource = async ({ content, key = "", part, network }) => {
  const passphrase = key.replace(/\r?\n$/, "");
  if (passphrase === "")
    throw refuseInput("The key is missing", "key", "Give the content of encryption.key", "missing");
  const stored = "bytes" in content ? await readFile(content.bytes) : await readDatabase(content.address, network);
  const rows = rowsOfWorkspace(stored, part).map((row, index) => rowOf(row, index, passphrase));
  refuseWrongKey(rows);
  return rows;
};

// Each kind of database is read with a package of its own; one alone is needed.
const readFile = async (bytes: Uint8Array): Promise<StoredCredential> => (await import("./sqlite")).readSqlite(bytes);

async function readDatabase(address: string, network: Network): Promise<StoredCredential> {
  const plain = unwrapAddress(address);
  if (isMysqlAddress(plain)) return (await import("./mysql")).readMysql(plain, network);
  if (/postgres/i.test(address)) return (await import("./postgres")).readPostgres(address, network);
  throw unreadable({
    code: "connection_string_unreadable",
    meaning: "The address must start with postgresql://, mysql:// or mariadb://.",
    advice: "Give the one that Flowise uses, or the SQLite file.",
  });
}

/** A row that is encrypted and does not open says nothing of the key by itself; all of them do. */
function refuseWrongKey(rows: SourceRow[]): void {
  const locked = rows.filter((row) => "problem" in row && row.problem === PROBLEMS.key).length;
  if (locked === 0 || rows.some((row) => "found" in row || row.problem === PROBLEMS.shape)) return;
  const which = locked === 1 ? "the one encrypted credential" : `any of the ${locked} encrypted credentials`;
  throw refuseInput(
    "The key is not the right one, and nothing was imported",
    "key",
    `It does not open ${which} of this database. Use the key that Flowise ran with when they were saved; a new key does not open old ones.`,
    "wrong_key",
  );
}

/** On AWS, some rows name a secret that lies elsewhere. */
const AWS_POINTER = /^FlowiseCredential_/;
/** What Flowise shows instead of a secret. Its server stores it when a client sends it back. */
const PLACEHOLDER = "_FLOWISE_BLANK_07167752-1a71-43b1-bf8f-4f32252165db";

function rowOf(row: StoredRow, index: number, passphrase: string): SourceRow {
  const facts: SourceFacts = {
    id: row.id ?? "",
    shownId: row.id || `row ${index + 1}`,
    name: row.name ?? "",
    kind: row.kind ?? "",
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
    notes: [],
  };
  const refused = (problem: SourceProblem): SourceRow => ({ ...facts, problem });
  if (!row.id) return refused(PROBLEMS.noId);
  const target = targetOf(facts.kind);
  if (!target) return refused(PROBLEMS.noType);
  if (row.encrypted === null) return refused(PROBLEMS.format);
  if (AWS_POINTER.test(row.encrypted)) return refused(PROBLEMS.aws);
  const opened = decrypt(row.encrypted, passphrase);
  if (!opened.ok) return refused(PROBLEMS[opened.why]);
  const { provider, type, isOpen } = target;
  const { data, lost } = withoutPlaceholders(opened.values);
  const notes = [...(isOpen ? [OPEN_NOTE] : []), ...(lost.length > 0 ? [lostNote(lost)] : [])];
  return { ...facts, notes, toEnter: lost.length > 0, found: { provider, type, data: asOpenFields(flat(data)) } };
}

function withoutPlaceholders(values: Record<string, unknown>) {
  const lost = Object.keys(values).filter((name) => values[name] === PLACEHOLDER);
  const data = Object.fromEntries(Object.entries(values).filter(([name]) => !lost.includes(name)));
  return { data, lost };
}

const lostNote = (names: string[]) =>
  `Lost in Flowise already, where a placeholder was saved over it: ${listed(names)}. Enter it again after the import.`;

const unacceptable = (message: string): SourceProblem => ({ outcome: "unacceptable", message });
const undecryptable = (message: string): SourceProblem => ({ outcome: "undecryptable", message });

const PROBLEMS = {
  noId: unacceptable("It has no id."),
  noType: unacceptable("Its type has a name that cannot be kept."),
  shape: unacceptable("Its data is no set of fields."),
  format: undecryptable("Its data is damaged: it is not in the form in which Flowise encrypts."),
  aws: undecryptable(
    "Its secret lies in AWS Secrets Manager, not in this database. Take it from there and enter it by hand.",
  ),
  key: undecryptable(
    "It does not open with this key: it was saved under another one, or is damaged. Import again with the key of that time, or enter it by hand.",
  ),
};
