import type { CredentialType } from "@/lib/providers/define";

/** What the doors may ask of a credential. Values are judged by the core; shapes were judged at the door. */
export interface NewCredential {
  /** Reserved by an idempotency key: made once, however often it is asked for. */
  id?: string | undefined;
  provider: string;
  type: CredentialType;
  data: Record<string, unknown>;
  /** Made from the summary when absent. */
  name?: string | undefined;
  tags?: string[] | undefined;
  expiresAt?: Date | null | undefined;
  /** Proof that exactly these values were tested. */
  receipt?: string | undefined;
}

export interface CredentialChange {
  /** Refused with "version_mismatch" when the row has moved on. Without it the newest state is changed. */
  expectedVersion?: number | undefined;
  name?: string | undefined;
  tags?: string[] | undefined;
  expiresAt?: Date | null | undefined;
  active?: boolean | undefined;
  type?: CredentialType | undefined;
  data?: DataChange | undefined;
  receipt?: string | undefined;
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
export type TestRequest =
  | { provider: string; type: CredentialType; data: Record<string, unknown> }
  | { id: string; type?: CredentialType | undefined; change?: DataChange | undefined };
