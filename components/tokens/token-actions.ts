import type { Action } from "@/components/session/action";
import type { TokenView } from "@/lib/identity/tokens";
import type { TokenLimits } from "@/lib/vocabulary/access";
import type { Scope } from "@/lib/vocabulary/permissions";

/** Whose token: one's own, or a service account's. */
export type TokenOwner = { kind: "self" } | { kind: "service_account"; id: string };

export interface TokenOrder {
  name: string;
  owner: TokenOwner;
  scope: Scope;
  /** What it is narrowed to; null: to nothing. */
  limits: TokenLimits | null;
  /** Null: it never expires. */
  days: number | null;
}

/** A token by its id; `own` says that it is one's own. */
interface Which {
  id: string;
  own: boolean;
}

export interface TokenChange extends Which {
  expectedVersion: number;
  name?: string | undefined;
  scope?: Scope | undefined;
  limits?: TokenLimits | null | undefined;
  /** From now; null: it never expires. Left out: as it was. */
  days?: number | null | undefined;
}

interface Made {
  token: string;
  view: TokenView;
}

/** The writes that the pages hand to the components. */
export interface TokenActions {
  issue: Action<TokenOrder, Made>;
  change: Action<TokenChange, TokenView>;
  setActive: Action<Which & { active: boolean }, TokenView>;
  rotate: Action<Which & { overlapSeconds: number; expectedVersion: number }, Made>;
  endOverlap: Action<Which, TokenView>;
  revoke: Action<Which, void>;
  narrowToUsed: Action<{ id: string }, TokenView>;
}

/** A token as a table shows it. */
export interface TokenRow extends TokenView {
  ownerName: string;
  own: boolean;
  mayChange: boolean;
}
