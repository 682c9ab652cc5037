import "server-only";
import type { ClientCode, GrantCode, OAuthFailure } from "@/lib/platform/oauth";

/** Why a provider gives no access, in fixed words: what is the matter, and what mends it. */
export interface RefusalMessage {
  /** A sentence without its full stop. */
  what: string;
  /** What to do, as the rest of "Somebody must …". */
  mend: string;
}

/** What a person has to do before the connection works again, and who. */
export const grantMessages: Record<GrantCode, RefusalMessage> = {
  grant_ended: { what: "The provider no longer accepts this connection", mend: "somebody must reconnect it" },
  interaction_required: {
    what: "The provider wants another step of the person who connected this, such as a second factor, or a policy of their organisation does",
    mend: "that person must reconnect it",
  },
  session_limited: {
    what: "A policy of the organisation at the provider ends sign-ins after a time",
    mend: "somebody must reconnect it, or an administrator there exempts it first",
  },
  consent_required: {
    what: "Nobody has agreed at the provider to what this connection may do, or the consent was taken back",
    mend: "somebody must reconnect it and agree, or an administrator there agrees for everybody first",
  },
  policy_refused: {
    what: "A policy of the organisation at the provider is against this connection",
    mend: "an administrator there must permit it, and then somebody reconnects it",
  },
  account_unavailable: {
    what: "The account that connected this is disabled, locked, unconfirmed or not known at the provider",
    mend: "an administrator there must restore it, and then somebody reconnects it",
  },
};

/** `field` is the one to look at where the client is the credential's own. */
export interface ClientMessage {
  /** `whose` is "this installation's client", or whatever it is called there. */
  what: (whose: string) => string;
  /** What to do, as a command without its full stop. */
  mend: string;
  field?: string;
}

/** What is wrong with a client; whoever registered it mends that. */
export const clientMessages: Record<ClientCode | "request_refused", ClientMessage> = {
  client_refused: {
    what: (whose) => `The provider refuses ${whose}`,
    mend: "check client ID and client secret, that the secret has not expired, and the tenant where there is one",
    field: "client_secret",
  },
  client_secret_expired: {
    what: (whose) => `The secret of ${whose} has expired at the provider`,
    mend: "make a new one in Microsoft Entra, under Certificates & secrets, and enter its value",
    field: "client_secret",
  },
  client_secret_wrong: {
    what: (whose) => `The provider does not know the secret of ${whose}: what is given is not the secret's value`,
    mend: "enter its value, not its ID, which is often copied instead; the value is shown once, when the secret is made",
    field: "client_secret",
  },
  client_unknown: {
    what: (whose) => `The provider does not know the ID of ${whose}, or not in this tenant`,
    mend: "check client ID and tenant, and that the application has not been deleted there",
    field: "client_id",
  },
  client_disabled: {
    what: (whose) => `The provider has ${whose} disabled`,
    mend: "have the application enabled there",
    field: "client_id",
  },
  tenant_unknown: {
    what: () => "The provider knows no such tenant",
    mend: "check the tenant: its ID, or one of its domains",
    field: "tenant_id",
  },
  redirect_refused: {
    what: (whose) => `The provider does not know the redirect address of ${whose}`,
    mend: "register the address there, letter for letter",
  },
  scope_refused: {
    what: (whose) => `The provider does not know the permissions that ${whose} asks for, or does not give it those`,
    mend: "check the application's permissions there",
  },
  request_refused: {
    what: (whose) => `The provider refuses what ${whose} asks, and gives no reason that is known here`,
    mend: "check how the application is registered there",
  },
};

/** For an application that signs in as itself: there is no person who could sign in again. */
export const applicationMessages: Partial<Record<GrantCode, RefusalMessage>> = {
  consent_required: {
    what: "Nobody has agreed at the provider to what this application may do",
    mend: "have an administrator there grant consent",
  },
  policy_refused: {
    what: "A policy of the organisation at the provider is against this application",
    mend: "have an administrator there permit it, or assign it",
  },
};

/** What a provider does that neither grants nor refuses: the rest of a sentence that begins with it. */
export function inItsPlace({ reason, code }: Pick<OAuthFailure, "reason" | "code">): string {
  if (code === "in_trouble") return "has trouble of its own, or asks to wait";
  return reason === "unreachable" ? "does not answer" : "answered something unreadable";
}

/** A text as a sentence of its own. */
export const asSentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
