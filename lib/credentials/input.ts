import type { ExpectedVersion } from "@/lib/platform/expected-version";
import type { CredentialType } from "@/lib/providers/define";

/** What the doors may ask of a credential. Values are judged by the core; shapes were judged at the door. */
export interface NewCredential {
  /** The id to make it under; one that is there was made by an earlier try of the same request. */
  reservedId?: string | undefined;
  /**
   * An id that the caller brings along, 1 to 255 characters. A UUID becomes the credential's own id; anything else, or one
   * that a deleted credential had, is kept beside it. `credentialIdOf` finds the credential by it.
   */
  externalId?: string | undefined;
  provider: string;
  /** Also take a provider that the catalogue does not know: every field is a secret, and there is no test. */
  openType?: boolean | undefined;
  type: CredentialType;
  data: Record<string, unknown>;
  /** Made from the summary when absent. */
  name?: string | undefined;
  nameClash?: NameClash | undefined;
  tags?: string[] | undefined;
  expiresAt?: Date | null | undefined;
  /** Proof that exactly these values were tested. */
  receipt?: string | undefined;
}

/** What a chosen name that is taken leads to: a refusal, unless the caller wants "OpenAI" to become "OpenAI (2)". */
export type NameClash = "refuse" | "number";

export interface CredentialChange {
  /** Refused with "version_mismatch" when the row has moved on. Without it the newest state is changed. */
  expectedVersion?: ExpectedVersion | undefined;
  name?: string | undefined;
  nameClash?: NameClash | undefined;
  tags?: string[] | undefined;
  expiresAt?: Date | null | undefined;
  active?: boolean | undefined;
  /** Another way to sign in; or what decides it where only the stored credential says. */
  type?: CredentialType | ((stored: StoredKind) => CredentialType) | undefined;
  data?: DataChange | undefined;
  receipt?: string | undefined;
}

/** What a credential is before it is changed. */
export interface StoredKind {
  provider: string;
  type: CredentialType;
}

/**
 * "replace": these values are the whole of the new data.
 * "merge": absent fields stay as they are, null clears one, anything else replaces it.
 */
export interface DataChange {
  mode: "replace" | "merge";
  values: Record<string, unknown>;
}

/** Values to try out: new ones, stored ones, or stored ones with an edit that is not saved. */
export type TestRequest = (
  | { provider: string; type: CredentialType; data: Record<string, unknown> }
  | { id: string; type?: CredentialType | undefined; change?: DataChange | undefined }
) & {
  /** Also what looks like a placeholder, or like something that belongs elsewhere. */
  asEntered?: boolean | undefined;
};
