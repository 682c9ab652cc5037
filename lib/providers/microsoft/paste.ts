import type { CredentialData } from "../define";

/** Reads the JSON that `az ad sp create-for-rbac` prints (appId, password, tenant). */
export function pasteServicePrincipal(text: string): CredentialData | undefined {
  if (!text.trim().startsWith("{")) return undefined;
  try {
    const parsed = JSON.parse(text) as Record<string, unknown>;
    const fields = {
      tenant_id: parsed.tenant ?? parsed.tenantId,
      client_id: parsed.appId ?? parsed.clientId,
      client_secret: parsed.password ?? parsed.clientSecret,
    };
    const found = Object.entries(fields).filter((entry): entry is [string, string] => typeof entry[1] === "string");
    return found.length === 0 ? undefined : Object.fromEntries(found);
  } catch {
    return undefined;
  }
}
