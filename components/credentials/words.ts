import type { Tone } from "@/components/ui/badge";
import type { CredentialStatus, CredentialView } from "@/lib/credentials/view";
import type { CredentialType } from "@/lib/providers/define";
import { findMethod, findProvider, methodOfStored } from "@/lib/providers/index";
import type { Outcome } from "@/lib/providers/report";

export const providerLabel = (id: string): string => findProvider(id)?.label ?? id;

export const typeLabel = (provider: string, type: CredentialType): string =>
  findMethod(provider, type)?.label ?? sentence(type);

export const isTestable = (provider: string, type: CredentialType): boolean =>
  findMethod(provider, type)?.testable ?? false;

export const statuses: Record<CredentialStatus, { word: string; tone: Tone }> = {
  active: { word: "Active", tone: "good" },
  inactive: { word: "Disabled", tone: "plain" },
  expired: { word: "Expired", tone: "bad" },
  needs_reauth: { word: "Needs a new sign-in", tone: "warn" },
};

export const outcomeWords: Record<Outcome, { word: string; sentence: string; tone: Tone }> = {
  ok: { word: "Works", sentence: "It works", tone: "good" },
  degraded: { word: "Limited", sentence: "It signs in, but lacks a permission", tone: "warn" },
  failed: { word: "Fails", sentence: "It does not work", tone: "bad" },
  unreachable: { word: "No answer", sentence: "The other side does not answer", tone: "warn" },
};

/** A fixed code as words: "connection_refused" is "Connection refused". */
export const sentence = (code: string): string => {
  const words = code.replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
};

const clearFields: Record<string, string> = {
  name: "Name",
  tags: "Tags",
  type: "Type",
  active: "Enabled or disabled",
  expires_at: "Expiry",
  credentials: "Values (the same ones, sent again)",
  tested: "Tested",
};

/** What an event's field name means on the form of this credential. */
export function fieldLabel(view: Pick<CredentialView, "provider" | "type">, name: string): string {
  const field = name.replace(/^credentials\./, "");
  const method = methodOfStored(view.provider, view.type);
  const known = method && Object.hasOwn(method.fields, field) ? method.fields[field]?.label : undefined;
  // A field that no schema names is called what its maker calls it.
  return known ?? clearFields[name] ?? (method?.openFields ? field : sentence(field));
}
