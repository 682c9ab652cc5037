import type { CredentialActions } from "@/components/credentials/credential-actions";
import type { Action } from "@/components/session/action";
import type { TokenActions } from "@/components/tokens/token-actions";
import type { Subject } from "@/lib/access";

/** Whose knowledge, as "token:ID", and of which days. */
export interface ExposedQuestion {
  by?: string | undefined;
  from?: string | undefined;
  to?: string | undefined;
  zone?: string | undefined;
}

/** The writes that the page hands to its components. */
export interface ExposedActions {
  update: CredentialActions["update"];
  /** Answers how many grants were taken away. */
  takeAwayOver: Action<{ credentialId: string; subject: Subject }, number>;
  revoke: TokenActions["revoke"];
  exportCsv: Action<{ asked: ExposedQuestion; ids: string[] }, string>;
}

/** What to offer; every action asks again. */
export interface ExposedRights {
  update: boolean;
  takeAway: boolean;
}
