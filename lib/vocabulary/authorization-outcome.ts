import { accessEndMessage } from "./access-end";

/** How a sign-in at a provider can end, in words. Safe for the browser: the page of the callback and the console say the same. */

export const authorizationOutcomes = [
  "connected",
  /** Somebody else than before signed in. */
  "wrong_account",
  "denied",
  /** Over, used already, or never begun. */
  "expired",
  "wrong_browser",
  /** The provider refuses this client, and says no more of it. */
  "rejected",
  "client_secret_expired",
  "client_secret_wrong",
  "client_unknown",
  "client_disabled",
  "tenant_unknown",
  "redirect_refused",
  "scope_refused",
  /** It refuses the request, for a reason that is not known here. */
  "request_refused",
  /** The provider wants something more of the person: a second factor, a new password. */
  "interaction_required",
  "consent_required",
  /** A policy of the person's organisation is against it. */
  "policy_refused",
  "account_unavailable",
  "unreachable",
  /** The provider answers that it cannot, or that too many ask. */
  "in_trouble",
  /** Something answered that is no sign-in. */
  "unreadable",
  /** An answer that was not meant for this sign-in. */
  "unusable",
  /** The vault said no to what came of it: a limit, a missing test. */
  "refused",
  /** The vault's database is away; it may be stored yet. */
  "unstored",
] as const;
export type AuthorizationOutcome = (typeof authorizationOutcomes)[number];

/** What the page of the callback tells the page that waits. */
export interface AuthorizationNotice {
  ending: AuthorizationOutcome;
  /** Which of the sign-ins that may be under way. */
  flowId?: string | undefined;
  credentialId?: string | undefined;
  /** Permissions that were asked for and not granted. */
  missing?: string[] | undefined;
  /** When access ends that cannot be renewed, as ISO 8601. */
  endsAt?: string | undefined;
  accounts?: { expected: string; signedIn: string } | undefined;
  /** Why the vault said no. */
  message?: string | undefined;
}

/** Pages of ours hear of endings on this BroadcastChannel. No other origin can listen or speak there. */
export const SIGN_IN_CHANNEL = "latchkey-sign-in";

export interface AuthorizationMessage {
  title: string;
  /** What was changed, and what to do next. */
  text: string;
}

/** @param provider whom one signs in with: "Google" */
export function authorizationMessage(notice: AuthorizationNotice, provider: string): AuthorizationMessage {
  const { title, text } = messageOf(notice, provider);
  return { title: title.charAt(0).toUpperCase() + title.slice(1), text };
}

/** Connected, with everything that was asked for and with something to renew it with: nothing is left to be said. */
export const isWhole = ({ ending, missing = [], endsAt }: AuthorizationNotice): boolean =>
  ending === "connected" && missing.length === 0 && endsAt === undefined;

function connectedMessage(provider: string, missing: string[], endsAt: string | undefined): AuthorizationMessage {
  const end = endsAt === undefined ? [] : Object.values(accessEndMessage(provider, endsAt));
  if (missing.length > 0)
    return {
      title: `Connected with ${provider}, with fewer permissions than were asked for`,
      text: [
        ...end,
        "Workflows that need the missing ones will fail. To grant them, reconnect and agree to all of them.",
      ].join(" "),
    };
  return endsAt === undefined
    ? { title: `Connected with ${provider}`, text: "You can close this window." }
    : { title: `Connected with ${provider}, for a short time`, text: end.join(" ") };
}

const UNCHANGED = "Nothing was changed.";

function messageOf(
  { ending, missing = [], endsAt, accounts, message }: AuthorizationNotice,
  provider: string,
): AuthorizationMessage {
  switch (ending) {
    case "connected":
      return connectedMessage(provider, missing, endsAt);
    case "wrong_account":
      return {
        title: "Another account signed in",
        text: `${accounts ? `This credential is connected as ${accounts.expected}, and ${accounts.signedIn} signed in.` : "This credential is connected with another account than the one that signed in."} Nothing was changed. Choose the same account again, or make a new credential for the other one.`,
      };
    case "denied":
      return {
        title: "Access was not granted",
        text: `Nothing was changed. Start again and agree at ${provider}, or ask whoever may agree there.`,
      };
    case "expired":
      return {
        title: "This sign-in is over",
        text: "It took more than ten minutes, or was used already. Nothing was changed. Start it again.",
      };
    case "wrong_browser":
      return {
        title: "This sign-in was started in another browser",
        text: "Nothing was changed. Sign in to Latchkey's console in this browser and start it again there.",
      };
    case "rejected":
      return {
        title: `${provider} refuses this client`,
        text: `${UNCHANGED} Check client ID, client secret, redirect address and permissions where the client is registered.`,
      };
    case "client_secret_expired":
      return {
        title: "The client secret has expired",
        text: `${UNCHANGED} Make a new secret in Microsoft Entra, under Certificates & secrets of the client, and have its value entered here.`,
      };
    case "client_secret_wrong":
      return {
        title: `${provider} does not know this client secret`,
        text: `${UNCHANGED} What is given is not the secret's value. Enter its value, not its ID, which is often copied instead: the value is shown once, when the secret is made.`,
      };
    case "client_unknown":
      return {
        title: `${provider} does not know this client`,
        text: `${UNCHANGED} Check client ID and tenant, and that the application has not been deleted at ${provider}.`,
      };
    case "client_disabled":
      return {
        title: `This client is disabled at ${provider}`,
        text: `${UNCHANGED} Whoever registered the application has to enable it there.`,
      };
    case "tenant_unknown":
      return {
        title: `${provider} knows no such tenant`,
        text: `${UNCHANGED} Check the tenant: its ID, or one of its domains.`,
      };
    case "redirect_refused":
      return {
        title: `${provider} does not know the redirect address`,
        text: `${UNCHANGED} Register it where the client is registered, letter for letter as it is shown here.`,
      };
    case "scope_refused":
      return {
        title: `${provider} does not give these permissions`,
        text: `${UNCHANGED} Choose others, or have them added where the client is registered.`,
      };
    case "request_refused":
      return {
        title: `${provider} refused the sign-in`,
        text: `${UNCHANGED} It gives no reason that is known here. Check how the client is registered there.`,
      };
    case "interaction_required":
      return {
        title: `${provider} asks for more`,
        text: `It wants another step of the person who signed in (a second factor, a new password), or a policy of their organisation does. ${UNCHANGED} Start again, or ask whoever looks after accounts at ${provider}.`,
      };
    case "consent_required":
      return {
        title: `Nobody has agreed at ${provider}`,
        text: `${UNCHANGED} Start again and agree to everything that is asked; where you may not, an administrator of your organisation at ${provider} has to.`,
      };
    case "policy_refused":
      return {
        title: "A policy of your organisation is against it",
        text: `${UNCHANGED} An administrator of your organisation at ${provider} has to permit this application, for this account.`,
      };
    case "account_unavailable":
      return {
        title: `This account cannot sign in at ${provider}`,
        text: `It is disabled, locked, unconfirmed or not known in this organisation there. ${UNCHANGED} Choose another account, or ask whoever looks after accounts at ${provider}.`,
      };
    case "unreachable":
      return { title: `${provider} does not answer`, text: `${UNCHANGED} Try again in a moment.` };
    case "in_trouble":
      return { title: `${provider} has trouble of its own, or asks to wait`, text: `${UNCHANGED} Try again later.` };
    case "unreadable":
      return {
        title: `${provider} answered something unreadable`,
        text: `${UNCHANGED} Check the address of the sign-in, and that nothing stands in between, such as a proxy.`,
      };
    case "unusable":
      return {
        title: `The answer of ${provider} cannot be used`,
        text: `It was not meant for this sign-in. ${UNCHANGED} Start again.`,
      };
    case "refused":
      return {
        title: "What came back was not stored",
        text: `${message ?? "The vault refused it"}. Nothing was changed.`,
      };
    case "unstored":
      return {
        title: "What came back is not stored yet",
        text: "Latchkey's database does not answer. For ten minutes it is tried again; then the access is given back where the provider offers that. Look whether the credential has come before you sign in again.",
      };
  }
}
