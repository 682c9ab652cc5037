import { type CredentialType, defineProvider, type Method, text } from "../define";
import { signInForm } from "../sign-in-forms";
import { accountOf, authorizationBy } from "../sign-in-method";
import {
  accessTokenExpiry,
  exampleTokens,
  renewedByRefreshToken,
  tokenData,
  tokenSet,
  tokenSetProblems,
} from "../token-set";

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
  authorization: authorizationBy(signInForm("google"), (granted, asked, before) => ({
    ...tokenData(granted, asked, before),
    ...accountOf(granted.identity?.email ?? before.email),
  })),
  renewal: renewedByRefreshToken,
  testable: true,
});

export const definition = defineProvider({
  id: "google",
  label: "Google",
  description: "A Google account: Drive, Sheets, Gmail, Calendar.",
  category: "automation",
  aliases: ["gmail", "drive", "google drive", "sheets", "google sheets", "calendar", "workspace", "gsuite"],
  docs: "https://developers.google.com/identity/protocols/oauth2",
  methods: [signIn("google_oauth"), signIn("oauth2")],
});
