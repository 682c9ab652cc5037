import type { CredentialData, CredentialType, Method } from "@/lib/providers/define";

/** A credential that another system kept, with what must stay as it was there. */
export interface IncomingCredential {
  /** A UUID becomes the credential's own id; anything else is kept as its external id, by which doors find it as well. */
  id: string;
  /** Made fit, and numbered where it is taken. */
  name: string;
  provider: string;
  type: CredentialType;
  data: Record<string, unknown>;
  /** What the organisation calls it, where it came under a name that one of its own kinds takes. */
  ownKind?: string | undefined;
  createdAt?: Date | undefined;
  updatedAt?: Date | undefined;
}

export type ImportVerdict =
  /** In a dry run: would be, and has no id yet. */
  | { outcome: "imported"; id: string | null; name: string; renamed: boolean; ownKind?: string | undefined }
  /** Somebody has this id in the organisation. What is there is left as it is. */
  | { outcome: "present"; id: string; state: "unchanged" | "changed" | "deleted" }
  | { outcome: "unacceptable"; problems: ImportProblem[] }
  | { outcome: "over_limit"; scope: "provider" | "user"; limit: number };

/** Fixed words; a field that the credential's type knows is named, another is not. */
export interface ImportProblem {
  field: string | null;
  message: string;
}

export interface ImportOptions {
  /** Judges as an import would, and changes nothing. */
  dryRun: boolean;
  onProgress?: (done: number) => void;
}

/** A row whose values were judged; a double is not: an earlier row has its id. */
export type JudgedCredential = { incoming: IncomingCredential } & (
  | { accepted: { method: Method; data: CredentialData } }
  | { problems: ImportProblem[] }
  | { isDouble: true }
);
