import type { PasteResult } from "../define";
import { pastedFields } from "../placeholder";
import { bareValue, type Setting, settingsIn } from "../settings";

const NAMES: Record<string, string> = {
  aws_access_key_id: "access_key_id",
  accesskeyid: "access_key_id",
  aws_secret_access_key: "secret_access_key",
  secretaccesskey: "secret_access_key",
  aws_session_token: "session_token",
  sessiontoken: "session_token",
  aws_region: "region",
  aws_default_region: "region",
  region: "region",
};

/**
 * Reads what Amazon hands out: `NAME=value` lines (.env, export commands, ~/.aws/credentials), the JSON of its command
 * line, and the table of accessKeys.csv.
 */
export function pasteAwsKeys(text: string): PasteResult {
  // A byte order mark counts as a blank here.
  const plain = text.trim();
  const entries = tableEntries(plain) ?? settingsIn(plain) ?? "Must be complete JSON, from { to }";
  if (typeof entries === "string") return { ok: false, problem: entries };
  const found: Record<string, string> = {};
  for (const [name, value] of entries) {
    const field = NAMES[name.toLowerCase().replaceAll(" ", "")];
    if (field && value !== "") found[field] = value;
  }
  if (found.access_key_id === undefined && found.secret_access_key === undefined) {
    return {
      ok: false,
      problem: "Must hold an access key: accessKeys.csv, lines such as AWS_ACCESS_KEY_ID=…, or JSON",
    };
  }
  return pastedFields(found, "text");
}

/** A heading of names and one line of values; undefined for what is no table of keys, else why it is none to use. */
function tableEntries(text: string): Setting[] | string | undefined {
  const [heading = "", ...rows] = text.split(/[\r\n]+/).filter((line) => line.trim() !== "");
  const comma = [",", ";", "\t"].find((one) => heading.includes(one)) ?? ",";
  const cells = (line: string) => line.split(comma).map(bareValue);
  const names = cells(heading);
  if (names.some((name) => /^smtp (user ?name|password)$/i.test(name))) return SMTP;
  if (!names.some((name) => /^(secret )?access key( id)?$/i.test(name))) return undefined;
  const [row, ...others] = rows;
  if (row === undefined) return "Must hold a line with the key below its heading";
  if (others.length > 0) return "Must hold one access key; copy its heading and its line";
  const values = cells(row);
  return names.map((name, at) => [name, values[at] ?? ""]);
}

const SMTP = "Must be an access key; an SMTP user name and password cannot be used with Amazon's API";
