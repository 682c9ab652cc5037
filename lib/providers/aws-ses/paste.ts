import type { CredentialData } from "../define";

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

/** Reads `NAME=value` lines (.env, export commands, ~/.aws/credentials) and the JSON that the AWS command line prints. */
export function pasteAwsKeys(text: string): CredentialData | undefined {
  const found: CredentialData = {};
  for (const [name, value] of [...jsonEntries(text), ...lineEntries(text)]) {
    const field = NAMES[name.toLowerCase()];
    if (field && value !== "") found[field] = value;
  }
  return found.access_key_id === undefined && found.secret_access_key === undefined ? undefined : found;
}

function lineEntries(text: string): [string, string][] {
  return text.split("\n").flatMap((raw): [string, string][] => {
    const line = raw.trim().replace(/^(export|set) /, "");
    const equals = line.indexOf("=");
    if (equals < 0) return [];
    const value = line.slice(equals + 1).trim();
    return [[line.slice(0, equals).trim(), value.replace(/^["']/, "").replace(/["']$/, "")]];
  });
}

function jsonEntries(text: string): [string, string][] {
  if (!text.trim().startsWith("{")) return [];
  try {
    const parsed: unknown = JSON.parse(text);
    const inner = Object.values(parsed as object).find((value) => typeof value === "object" && value !== null);
    const entries = Object.entries({ ...(parsed as object), ...inner });
    return entries.filter((entry): entry is [string, string] => typeof entry[1] === "string");
  } catch {
    return [];
  }
}
