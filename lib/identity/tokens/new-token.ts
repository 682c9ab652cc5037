import type { TokenLimits } from "@/lib/vocabulary/access";
import type { Scope } from "@/lib/vocabulary/permissions";
import type { TokenOwner } from "./owner";

export interface NewToken {
  /**
   * The id to make it under where the caller brings none along. One that is there was made by an earlier try of the same request, whose
   * caller never heard its secret: it gets another.
   */
  reservedId?: string | undefined;
  name: string;
  description?: string | undefined;
  owner: TokenOwner;
  /** None: it may do nothing. */
  scopes: readonly Scope[];
  /** What it is narrowed to, within what its owner may do; left out, to nothing. */
  limits?: TokenLimits | undefined;
  graphGuids?: string[] | undefined;
  active?: boolean | undefined;
  expiresAt?: Date | undefined;
}

export interface TakenToken extends NewToken {
  /** Brought along by the caller; else one is made. */
  id?: string | undefined;
}
