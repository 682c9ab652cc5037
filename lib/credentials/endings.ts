/** How a sign-in at a provider can end, in words. Safe for the browser: the page of the callback and the console say the same. */

export const endings = [
  "connected",
  /** Somebody else than before signed in. */
  "wrong_account",
  "denied",
  /** Over, used already, or never begun. */
  "expired",
  "wrong_browser",
  /** The provider refuses this client, its redirect address or its permissions. */
  "rejected",
  "client_secret_expired",
  "client_secret_wrong",
  /** The provider wants something more of the person: a second factor, consent, another policy. */
  "interaction_required",
  "unreachable",
  "unusable",
  /** The vault said no to what came of it: a limit, a missing test. */
  "refused",
  /** The vault's database is away; it may be stored yet. */
  "unstored",
] as const;
export type Ending = (typeof endings)[number];

/** What the page of the callback tells the page that waits. */
export interface EndingNotice {
  ending: Ending;
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

export interface EndingWords {
  title: string;
  /** What was changed, and what to do next. */
  text: string;
}

/** @param provider whom one signs in with: "Google" */
export function endingWords(notice: EndingNotice, provider: string): EndingWords {
  const { title, text } = wordsOf(notice, provider);
  return { title: title.charAt(0).toUpperCase() + title.slice(1), text };
}

function connectedWords(provider: string, missing: string[], endsAt: string | undefined): EndingWords {
  const renewal =
    endsAt === undefined
      ? ""
      : `${provider} gave nothing to renew this access with: it ends at ${inUtc(endsAt)}. Sign in again and agree to everything that is asked. `;
  if (missing.length > 0)
    return {
      title: `Connected with ${provider}, with fewer permissions than were asked for`,
      text: `${renewal}Workflows that need the missing ones will fail. To grant them, reconnect and agree to all of them.`,
    };
  return renewal === ""
    ? { title: `Connected with ${provider}`, text: "You can close this window." }
    : { title: `Connected with ${provider}, for a short time`, text: renewal.trim() };
}

const inUtc = (iso: string) => `${iso.slice(0, 16).replace("T", " ")} UTC`;

function wordsOf({ ending, missing = [], endsAt, accounts, message }: EndingNotice, provider: string): EndingWords {
  switch (ending) {
    case "connected":
      return connectedWords(provider, missing, endsAt);
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
        text: "Nothing was changed. Check client ID, client secret, redirect address and permissions where the client is registered.",
      };
    case "client_secret_expired":
      return {
        title: "The client secret has expired",
        text: `Nothing was changed. Make a new secret where the client is registered at ${provider}, and have it entered here.`,
      };
    case "client_secret_wrong":
      return {
        title: `${provider} does not know this client secret`,
        text: "Nothing was changed. Enter the secret's value, not its ID: the value is shown once, when the secret is made.",
      };
    case "interaction_required":
      return {
        title: `${provider} asks for more`,
        text: `It wants another step of the person who signed in (a second factor, an agreement), or a policy there is against it. Nothing was changed. Start again, or ask whoever looks after accounts at ${provider}.`,
      };
    case "unreachable":
      return { title: `${provider} does not answer`, text: "Nothing was changed. Try again in a moment." };
    case "unusable":
      return {
        title: `The answer of ${provider} cannot be used`,
        text: "It was not meant for this sign-in, or makes no sense. Nothing was changed. Start again.",
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
