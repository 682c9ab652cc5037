import { type CredentialData, type CredentialType, defineProvider, type Method, text } from "../define";
import {
  accessTokenExpiry,
  exampleTokens,
  renewedByRefreshToken,
  tokenData,
  tokenSet,
  tokenSetProblems,
} from "../token-set";
import { scopes } from "./scopes";

const signIn = (type: CredentialType): Method => ({
  type,
  label: "Sign in with Google",
  help: "You are sent to Google to choose the account and to agree; the tokens come back from there.",
  fields: {
    ...tokenSet,
    email: text({
      label: "Google account",
      optional: true,
      obtained: true,
      max: 320,
      pattern: { test: /^[^\s@]{1,64}@[^\s@]{1,255}$/, message: "Must be an e-mail address" },
    }),
  },
  example: { ...exampleTokens, scope: "https://www.googleapis.com/auth/drive.readonly", email: "ana@example.com" },
  check: tokenSetProblems,
  summary: (data) => (data.email ? `Google account ${data.email}` : "Google account"),
  account: (data) => (typeof data.email === "string" ? data.email : undefined),
  tokenExpiresAt: accessTokenExpiry,
  obtainedBy: "authorization",
  authorization: {
    client: { settings: "GOOGLE" },
    label: "Google",
    scopes,
    // Without these two, Google sends no refresh token to somebody who has agreed before.
    parameters: { access_type: "offline", prompt: "consent", include_granted_scopes: "false" },
    afterDeletion: "Latchkey also ends its access at Google, unless another credential here uses the same account.",
    revokesAccount: true,
    dataOf: (granted, asked, before) => ({
      ...tokenData(granted, asked, before),
      ...emailOf(granted.identity?.email ?? before.email),
    }),
  },
  renewal: renewedByRefreshToken,
  testable: true,
});

const emailOf = (email: unknown): CredentialData => (typeof email === "string" && email.includes("@") ? { email } : {});

export const definition = defineProvider({
  id: "google",
  label: "Google",
  description: "A Google account: Drive, Sheets, Gmail, Calendar.",
  category: "automation",
  aliases: ["gmail", "drive", "google drive", "sheets", "google sheets", "calendar", "workspace", "gsuite"],
  docs: "https://developers.google.com/identity/protocols/oauth2",
  methods: [signIn("google_oauth"), signIn("oauth2")],
});
