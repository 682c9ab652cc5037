import type { AccessToken } from "@/lib/identity";
import { Refusal } from "@/lib/platform/refusal";
import { user } from "./present";
import { type AccessTokenShown, grantQuery, passwordBody } from "./schemas/sign-in";
import { parameters, shaped } from "./shape";

/** Signing in with address and password in SuperAI's form, which is that of the service it signs people in with. */

/** @throws Refusal "invalid" for every other grant */
export function requirePasswordGrant(query: URLSearchParams): void {
  const { grant_type } = parameters(grantQuery, query);
  if (grant_type === "password") return;
  const message =
    grant_type === "refresh_token"
      ? "No refresh tokens are handed out here: send e-mail address and password again, or use an API token"
      : "Must be password";
  throw new Refusal("invalid", message, {
    fields: [{ path: ["grant_type"], place: "query", message, code: "value_error" }],
  });
}

/** What proves a person; the organisation, by name or id, only where the address is known to several. */
export function passwordGrant(body: Record<string, unknown>) {
  const { email, password, organization, organization_id } = shaped(passwordBody, body);
  return {
    email,
    password,
    organization: organization ?? undefined,
    organizationId: organization_id?.toLowerCase(),
  };
}

export const accessToken = ({ token, issuedAt, expiresAt, user: person }: AccessToken): AccessTokenShown => ({
  access_token: token,
  token_type: "bearer",
  expires_in: (expiresAt.getTime() - issuedAt.getTime()) / 1_000,
  expires_at: expiresAt.getTime() / 1_000,
  user: user(person),
});
