import type { Tone } from "@/components/ui/badge";
import { type CredentialType, isTestable as isMethodTestable } from "@/lib/providers/define";
import type { Listing } from "@/lib/providers/listing";
import type { Outcome } from "@/lib/providers/report";
import type { CredentialStatus, CredentialView } from "@/lib/vocabulary/credential-view";
import { listingAmong } from "./own-kinds";

/** `own`: the organisation's own kinds, which `useOwnKinds` tells. */
type Own = readonly Listing[];

export const providerLabel = (id: string, own: Own): string => listingAmong(own, id)?.label ?? id;

export const typeLabel = (provider: string, type: CredentialType, own: Own = []): string =>
  methodListed(provider, type, own)?.label ?? sentence(type);

/** Whether what is stored can be tried out: some kinds can only where they say where to. */
export function isTestable(
  { provider, type, config }: Pick<CredentialView, "provider" | "type" | "config">,
  own: Own,
): boolean {
  const method = methodListed(provider, type, own);
  return method !== undefined && isMethodTestable(method, config);
}

/** What of it can be replaced at the other side from here. */
export const rotates = ({
  provider,
  type,
}: Pick<CredentialView, "provider" | "type">): "password" | "key" | undefined =>
  methodListed(provider, type, [])?.rotates;

const methodListed = (provider: string, type: CredentialType, own: Own) =>
  listingAmong(own, provider)?.methods.find((method) => method.type === type);

export const statuses: Record<CredentialStatus, { word: string; tone: Tone }> = {
  active: { word: "Active", tone: "good" },
  inactive: { word: "Disabled", tone: "plain" },
  expired: { word: "Expired", tone: "bad" },
  needs_reauth: { word: "Needs a new sign-in", tone: "warn" },
};

export const outcomeMessages: Record<Outcome, { word: string; sentence: string; tone: Tone }> = {
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
