import type { CredentialData, CredentialType, Method } from "@/lib/providers/define";

export type ReadPasted =
  | { ok: true; type: CredentialType; data: CredentialData; blank: string[]; said: string }
  | { ok: false; said: string };

/**
 * Reads a connection string, a key or a settings file, for the method at hand or else for another of this provider. What
 * is said of it repeats nothing of the text: it may be a secret.
 */
export function readPasted(methods: Method[], current: CredentialType, text: string): ReadPasted {
  const ordered = [...methods].sort((a, b) => Number(b.type === current) - Number(a.type === current));
  let why: string | undefined;
  for (const method of ordered) {
    const pasted = method.paste?.(text);
    if (pasted?.ok) {
      const { data, blank = [], note } = pasted;
      const labels = (names: string[]) => names.map((name) => method.fields[name]?.label ?? name).join(", ");
      const sentences = [
        Object.keys(data).length > 0 && `Filled in: ${labels(Object.keys(data))}`,
        blank.length > 0 && `Left empty: ${labels(blank)}`,
        note?.replace(/\.$/, ""),
      ];
      return { ok: true, type: method.type, data, blank, said: sentences.filter(Boolean).join(". ") };
    }
    why ??= pasted?.problem;
  }
  return { ok: false, said: why === undefined ? NOTHING_KNOWN : `This cannot be read. ${why}.` };
}

const NOTHING_KNOWN = "This is nothing this form can read. Fill in the fields one by one.";
