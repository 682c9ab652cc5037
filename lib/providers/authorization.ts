import type { Tokens } from "@/lib/platform/oauth";
import type { CredentialData } from "./fields";

/** Words for credentials that come from signing in at an authorization server. Safe for the browser. */

export interface ScopeChoice {
  value: string;
  label: string;
  help?: string;
  /** Asked for unless somebody takes it away. Without it, somebody must choose it. */
  preset?: boolean;
  /** Asked for always: without it nothing else works. Not shown as a choice. */
  always?: boolean;
}

export interface Authorization {
  /** The file in `catalog/sign-ins`, or the kind, that says the rest of it: addresses, parameters, how answers are read. */
  signIn: string;
  /**
   * Whose client this product is there: the operator's; the credential's own, for people who sign in; or the credential's
   * own, an application that signs in as itself and nobody with it.
   */
  client: "operator" | "credential" | "application";
  /** Whom one signs in with: "Google". */
  label: string;
  scopes: ScopeChoice[];
  /** What becomes of the granted access when the credential is deleted here, for people. */
  afterDeletion: string;
  /** The server ends every grant to this account at once, so one credential's end would be that of its siblings. */
  revokesAccount?: boolean;
  /** The stored form of what was granted. `asked` is the scope that was asked for; `before` what is stored now. */
  dataOf: (granted: Tokens, asked: string, before: CredentialData) => CredentialData;
}

/** What lists need of it. */
export type SignInView = Pick<Authorization, "client" | "label" | "afterDeletion">;

export const viewOfSignIn = ({ client, label, afterDeletion }: SignInView): SignInView => ({
  client,
  label,
  afterDeletion,
});

/** The scope to ask for, from what somebody chose; unknown choices are left out. */
export function scopeOf(authorization: Authorization, chosen: string[] | undefined): string {
  return authorization.scopes
    .filter(({ value, always, preset }) => always || (chosen ? chosen.includes(value) : preset))
    .map(({ value }) => value)
    .join(" ");
}

/** What was asked for and not granted. Scopes that a server grants in silence (offline access, who one is) do not count. */
export function missingScopes(asked: string, granted: string | undefined): string[] {
  if (granted === undefined) return [];
  const has = new Set(granted.toLowerCase().split(" ").map(shortName));
  return asked
    .split(" ")
    .filter((scope) => scope !== "" && !SILENT.has(scope) && !has.has(shortName(scope.toLowerCase())));
}

/** Scopes in the words of their choices; one that nobody offers stands for itself. */
export const labelsOf = (choices: ScopeChoice[], scopes: string[]): string[] =>
  scopes.map((scope) => choices.find(({ value }) => shortName(value) === shortName(scope))?.label ?? scope);

const SILENT: ReadonlySet<string> = new Set(["openid", "email", "profile", "offline_access"]);
/** Microsoft answers https://graph.microsoft.com/Files.Read for Files.Read. */
const shortName = (scope: string) => scope.replace(/^https:\/\/graph\.microsoft\.com\//, "");

/** What a page needs to know before somebody signs in. */
export interface SignInOffer {
  /** The address to register at the provider, letter for letter. */
  redirectUri: string;
  /** Settings that the operator has to make first; empty when signing in works. */
  missingSettings: string[];
}

/** How one can sign in at a provider for a new credential, with the operator's client: the first of its ways. */
export const signInOf = <One extends { authorization?: SignInView }>(provider: {
  methods: One[];
}): (One & { authorization: NonNullable<One["authorization"]> }) | undefined =>
  provider.methods.find(
    (method): method is One & { authorization: NonNullable<One["authorization"]> } =>
      method.authorization?.client === "operator",
  );
