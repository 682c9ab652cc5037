import type { Action } from "@/components/session/action";
import type { GrantView, Narrowing, RequestView, Subject } from "@/lib/access";
import type { Reach, Right } from "@/lib/vocabulary/access";

export interface GrantOrder extends Reach {
  subject: Subject;
  rights: Right[];
  /** When it ends; null: when somebody takes it away. */
  expiresAt: Date | null;
  reason: string;
}

/** What became of one grant of several; `refused` says why it stays. */
export interface TakenAway {
  id: string;
  refused: string | null;
}

/** The writes that the pages hand to the components. */
export interface AccessActions {
  grant: Action<GrantOrder, GrantView[]>;
  /** Refused as a whole where none could be taken away. */
  takeAway: Action<{ ids: string[] }, TakenAway[]>;
  /** Narrows a program that reaches everything from before to what it made use of. */
  narrow: Action<{ id: string }, Narrowing>;
  ask: Action<{ credentialId: string; right: Right; reason: string }, RequestView>;
  withdraw: Action<{ id: string }, RequestView>;
  answer: Action<{ id: string; isGranted: boolean; note: string; expiresAt: Date | null }, RequestView>;
}
