import type { Action } from "@/components/session/action";
import type { LinkKind, UserView } from "@/lib/identity";
import type { UserRole } from "@/lib/vocabulary/permissions";

/** A one-time link as an address, which is answered once. */
export interface OneTimeLink {
  address: string;
  kind: LinkKind;
  expiresAt: string;
  view: UserView;
}

export interface Invitation {
  email: string;
  firstName: string;
  lastName: string;
  role: UserRole;
}

/** Where the person is; left out: in one's own organisation. */
interface Where {
  organization?: string | undefined;
}

interface Which extends Where {
  id: string;
}

/** Who takes over what hangs on a person who goes; left out: nobody is named. */
interface Heir {
  heirId?: string | undefined;
}

/** The writes that the pages hand to the components. */
export interface PeopleActions {
  invite: Action<Invitation & Where, OneTimeLink>;
  inviteAgain: Action<Which, OneTimeLink>;
  offerReset: Action<Which, OneTimeLink>;
  change: Action<Which & { change: Partial<Invitation> & { expectedVersion: number } }, UserView>;
  setActive: Action<Which & { active: boolean } & Heir, UserView>;
  remove: Action<Which & Heir, void>;
}

/** What to show; every action asks again. */
export interface PeopleRights {
  /** The person who looks, so that nobody is offered their own end. */
  ownId: string;
  manage: boolean;
  /** Makes and changes platform administrators. */
  platform: boolean;
}
