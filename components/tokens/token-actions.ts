import type { Action } from "@/components/session/action";
import type { Scope } from "@/lib/access/permissions";
import type { TokenView } from "@/lib/tokens";

/** Whose token: one's own, or a service account's. */
export type TokenOwner = { kind: "self" } | { kind: "service_account"; id: string };

export interface TokenOrder {
  name: string;
  owner: TokenOwner;
  scope: Scope;
  /** Null: it never expires. */
  days: number | null;
}

/** The writes that the pages hand to the components. `own` says that it is one's own token. */
export interface TokenActions {
  issue: Action<TokenOrder, { token: string; view: TokenView }>;
  setActive: Action<{ id: string; own: boolean; active: boolean }, TokenView>;
  revoke: Action<{ id: string; own: boolean }, void>;
}

/** A token as a table shows it. */
export interface TokenRow extends TokenView {
  ownerName: string;
  own: boolean;
  mayChange: boolean;
}
