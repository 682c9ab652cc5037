import type { Tokens } from "@/lib/platform/oauth";
import type { FieldProblem } from "@/lib/platform/refusal";
import type { Authorization } from "./authorization";
import { type CredentialData, headerText, instant, type Renewal, secret, text } from "./define";

/** The fields that signing in at an OAuth provider yields. Nobody types them: the authorization flow fills them in. */
export const tokenSet = {
  access_token: secret({ label: "Access token", optional: true, obtained: true, max: 8192, pattern: headerText }),
  refresh_token: secret({ label: "Refresh token", optional: true, obtained: true, max: 8192, pattern: headerText }),
  token_type: text({
    label: "Token type",
    optional: true,
    obtained: true,
    pattern: { test: /^[A-Za-z][A-Za-z0-9-]{0,31}$/, message: "Must be a token type such as Bearer" },
  }),
  expires_at: instant({ label: "Access token expires", optional: true, obtained: true }),
  scope: text({ label: "Granted permissions", optional: true, obtained: true }),
  requested_scope: text({ label: "Permissions asked for", optional: true, obtained: true }),
};

/**
 * The stored form of what a server granted. A server that sends no refresh token means the old one to be kept, and one
 * that names no permissions means those that there were (RFC 6749, section 6).
 */
export const tokenData: Authorization["dataOf"] = (granted, asked, before) => ({
  ...(typeof before.refresh_token === "string" && { refresh_token: before.refresh_token }),
  ...grantedData(granted),
  scope: granted.scope ?? (typeof before.scope === "string" ? before.scope : asked),
  requested_scope: asked,
});

export const grantedData = (granted: Tokens): CredentialData => ({
  ...(granted.accessToken && { access_token: granted.accessToken }),
  ...(granted.refreshToken && { refresh_token: granted.refreshToken }),
  token_type: granted.tokenType,
  ...(granted.accessToken && granted.expiresAt && { expires_at: granted.expiresAt.toISOString() }),
});

/** Without the old access: its end, kept beside new access that names none, would be taken for that one's. */
export const withoutAccess = ({ access_token: _, expires_at: __, ...rest }: CredentialData): CredentialData => rest;

export const renewedByRefreshToken = (data: CredentialData): Renewal | undefined =>
  typeof data.refresh_token === "string" ? { by: "refresh_token", token: data.refresh_token } : undefined;

/**
 * Usable means: there is something to renew access with, or an access token whose end is known. What a sign-in yielded,
 * which says what was asked for, is taken as it came: a server need not tell an end (RFC 6749, section 5.1).
 */
export function tokenSetProblems(data: CredentialData): FieldProblem[] {
  if (data.refresh_token !== undefined) return [];
  if (data.access_token !== undefined && (data.expires_at ?? data.requested_scope) !== undefined) return [];
  return [
    { path: ["refresh_token"], message: "Needs a refresh token, or an access token with its expiry", code: "missing" },
  ];
}

/** When the stored access token dies, if the data says so. */
export const accessTokenExpiry = (data: CredentialData): Date | undefined =>
  typeof data.expires_at === "string" && data.access_token !== undefined ? new Date(data.expires_at) : undefined;

/** Made-up tokens for the documentation. */
export const exampleTokens = {
  access_token: "example-access-token",
  refresh_token: "example-refresh-token",
  token_type: "Bearer",
  expires_at: "2030-01-31T12:00:00Z",
};
