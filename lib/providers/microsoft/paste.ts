import type { Pasted } from "../define";
import { pastedFields } from "../placeholder";

/** Reads the JSON that `az ad sp create-for-rbac` prints (appId, password, tenant). */
export function pasteServicePrincipal(text: string): Pasted {
  const parsed = parse(text.trim());
  if (parsed === undefined) return refuse("Must be the whole JSON that az ad sp create-for-rbac prints, from { to }");
  const fields = Object.entries({
    tenant_id: parsed.tenant ?? parsed.tenantId,
    client_id: parsed.appId ?? parsed.clientId,
    client_secret: parsed.password ?? parsed.clientSecret,
  }).filter((entry): entry is [string, string] => typeof entry[1] === "string");
  if (fields.length === 0) return refuse("Must have one of the names tenant, appId and password");
  return pastedFields(Object.fromEntries(fields), "text");
}

const refuse = (problem: string): Pasted => ({ ok: false, problem });

function parse(text: string): Record<string, unknown> | undefined {
  if (!text.startsWith("{")) return undefined;
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}
