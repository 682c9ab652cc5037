import type { CredentialType, Group, Holding } from "../define";

export interface DeclaredName {
  label: string;
  group: Group;
  type: CredentialType;
  aliases: string[];
  description: string;
  /** The provider of ours that is the same system. */
  sameAs?: string;
  /** It can be tried out, given these public fields. */
  test?: { needs: string[] };
}

export interface DeclaredInput {
  name: string;
  /** A "password" and a "url" are secrets; the others are public unless they say otherwise. */
  kind: "password" | "text" | "url" | "options" | "number" | "boolean";
  label: string;
  secret?: boolean;
  /** It decides where secrets go (host, base URL, account, user): changing it demands them again. */
  place?: boolean;
  optional?: boolean;
  /** Stored with its default, never drawn. */
  hidden?: boolean;
  advanced?: boolean;
  /** Of a password: it has several lines. */
  rows?: number;
  /** Asked for by the systems that share these kinds, but many do without it: our form does not insist. */
  spare?: boolean;
  /** Not of the systems that share these kinds: we ask for it to be able to test. */
  own?: boolean;
  help?: string;
  placeholder?: string;
  default?: string;
  options?: { label: string; name: string }[];
  /** What leaving an optional choice out means. */
  emptyLabel?: string;
  holds?: Holding;
}

export interface DeclaredType {
  version: number;
  /** As a whole: an application can do without such a credential. */
  optional?: boolean;
  inputs: DeclaredInput[];
}
