import type { Authorization } from "./authorization";
import type { SignInForm } from "./catalog/kind-form";
import { type CredentialData, type Method, text } from "./define";
import {
  accessTokenExpiry,
  grantedData,
  renewedByRefreshToken,
  tokenData,
  tokenSet,
  tokenSetProblems,
  withoutAccess,
} from "./token-set";

/**
 * What a kind is beside its own fields, where somebody signs in at a provider for it. With a client of the credential's own,
 * its addresses, id and secret are fields, and what signing in yields is kept beside them under the names that the systems
 * know which share these kinds. With the operator's client, signing in is how the credential is made.
 */
export const methodSignedIn = (
  signIn: SignInForm,
): Pick<Method, "authorization" | "renewal" | "tokenExpiresAt"> & Partial<Method> =>
  signIn.client === "credential"
    ? { authorization: ownClient(signIn), renewal: renewedByRefreshToken, tokenExpiresAt: expiryOf }
    : {
        authorization: authorizationBy(signIn, (granted, asked, before) => ({
          ...withoutAccess(before),
          ...tokenData(granted, asked, before),
          ...accountOf(granted.identity?.email ?? before.email),
        })),
        renewal: renewedByRefreshToken,
        tokenExpiresAt: accessTokenExpiry,
        fields: { ...tokenSet, email: account },
        check: tokenSetProblems,
        account: ({ email }) => (typeof email === "string" ? email : undefined),
        summary: ({ email }) => `${signIn.label} account${email === undefined ? "" : ` ${email}`}`,
      };

/** A sign-in whose parts a page shows, as a method has it. */
export const authorizationBy = (
  { id, client, label, scopes, revokesAccount, afterDeletion }: SignInForm,
  dataOf: Authorization["dataOf"],
): Authorization => ({
  signIn: id,
  client,
  label,
  scopes,
  afterDeletion,
  ...(revokesAccount && { revokesAccount }),
  dataOf,
});

const ownClient = (signIn: SignInForm): Authorization =>
  authorizationBy(signIn, (granted, _asked, before) => ({
    ...withoutAccess(before),
    ...grantedData(granted),
    ...(granted.scope && { granted_scope: granted.scope }),
    token_received_at: new Date().toISOString(),
  }));

const account = text({
  label: "Account",
  optional: true,
  obtained: true,
  max: 320,
  pattern: { test: /^\S{1,320}$/, message: "Must be without spaces" },
});

/** Who signed in, as the provider names them. */
export const accountOf = (email: unknown): CredentialData =>
  typeof email === "string" && email.includes("@") ? { email } : {};

const expiryOf = ({ expires_at, access_token }: CredentialData): Date | undefined =>
  typeof expires_at === "string" && access_token !== undefined && !Number.isNaN(Date.parse(expires_at))
    ? new Date(expires_at)
    : undefined;
