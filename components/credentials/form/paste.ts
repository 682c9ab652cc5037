import type { CredentialData, CredentialType, Method } from "@/lib/providers/define";

export interface Pasted {
  type: CredentialType;
  data: CredentialData;
  labels: string[];
}

/** Reads a connection string, a key or a settings file, for the method at hand or else for another of this provider. */
export function readPasted(methods: Method[], current: CredentialType, text: string): Pasted | undefined {
  const ordered = [...methods].sort((a, b) => Number(b.type === current) - Number(a.type === current));
  for (const method of ordered) {
    const data = method.paste?.(text);
    if (!data) continue;
    const labels = Object.keys(data).map((name) => method.fields[name]?.label ?? name);
    return { type: method.type, data, labels };
  }
  return undefined;
}
