import type { CredentialRow, SecretInfo } from "@/lib/credentials/columns";
import type { Outcome, TestStep } from "@/lib/providers/report";
import type { Right } from "@/lib/vocabulary/access";

type Shown = CredentialRow<"view">;

/**
 * A credential without any secret: what lists and pages show and what dialects translate. Safe for the browser. The columns that
 * are shown as they are, times as ISO text, and what is made of others.
 */
export interface CredentialView extends Plain<Shown> {
  /** Per secret field that is set: when and by whom. */
  secrets: Record<string, SecretInfo>;
  ownerName: string | null;
  /** What whoever it is shown to may do with it. */
  rights: Right[];
  status: CredentialStatus;
  health: Health | null;
}

type Plain<T> = { [N in keyof T]: Exclude<T[N], Date> | (Date extends T[N] ? string : never) };

export const credentialStatuses = ["active", "inactive", "expired", "needs_reauth"] as const;
export type CredentialStatus = (typeof credentialStatuses)[number];

/** What the newest connection test said. */
export interface Health {
  outcome: Outcome;
  reason: string | null;
  testedAt: string;
  /** False when the stored values have changed since. */
  current: boolean;
}

export interface StoredTest {
  id: string;
  outcome: Outcome;
  reason: string | null;
  steps: TestStep[];
  /** Null when the tested values were not the stored ones (an edit tried out before saving). */
  testedVersion: number | null;
  durationMs: number;
  actorName: string;
  at: string;
}

/** Who fetched a credential in a span of days. */
export interface Usage {
  serviceAccountId: string;
  serviceAccountName: string;
  fetches: number;
  lastAt: string;
  lastVersion: number;
}

export const sortOrders = [
  "-created_at",
  "created_at",
  "-updated_at",
  "updated_at",
  "name",
  "-name",
  "-last_used_at",
  "last_used_at",
  "expires_at",
  "-expires_at",
] as const;
export type SortOrder = (typeof sortOrders)[number];

export interface CredentialQuery {
  q?: string | undefined;
  provider?: string | undefined;
  /** Any of these. */
  providers?: string[] | undefined;
  tag?: string | undefined;
  status?: CredentialStatus | undefined;
  health?: Outcome | "untested" | undefined;
  sort?: SortOrder | undefined;
  limit?: number | undefined;
  cursor?: string | undefined;
  /** Only rows that the actor made. */
  ownOnly?: boolean | undefined;
}

export interface CredentialPage {
  items: CredentialView[];
  /** Pass as `cursor` for the next page; null at the end. */
  next: string | null;
}

/** How many credentials there are of each value, for the list's filters. */
export interface Facets {
  total: number;
  providers: { value: string; count: number }[];
  statuses: { value: CredentialStatus; count: number }[];
  tags: { value: string; count: number }[];
}

export const rotationSteps = ["make", "change", "verify", "undo", "store", "remove_old"] as const;
export type RotationStepId = (typeof rotationSteps)[number];
export type RotationStep = Omit<TestStep, "id"> & { id: RotationStepId };

/**
 * running: somebody is at it. waiting: a person has to install the new key. unsettled: it is not known yet which secret the
 * system has; it is looked into again by itself. done, undone, abandoned: it has ended, and the stored secret is the new
 * one, the old one, or gone.
 */
export const rotationStates = ["running", "waiting", "unsettled", "done", "undone", "abandoned"] as const;
export type RotationState = (typeof rotationStates)[number];

/** Where the rotation of a credential's secret stands. Public halves of keys at most. */
export interface RotationView {
  id: string;
  credentialId: string;
  kind: "password" | "key";
  state: RotationState;
  /** A fixed code: why it stands there. */
  reason: string | null;
  steps: RotationStep[];
  newPublicKey: string | null;
  oldPublicKey: string | null;
  startedBy: string;
  startedAt: string;
  endedAt: string | null;
}
