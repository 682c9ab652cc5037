import { z } from "zod";
import type { AccessToken } from "@/lib/people";
import { Refusal } from "@/lib/refusal";
import { user } from "./present";
import { parameters, shaped } from "./shape";

/** Signing in with address and password in SuperAI's form, which is that of the service it signs people in with. */

const grantQuery = z.strictObject({ grant_type: z.string().max(100) });

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

// Clients send more along, which is for services of other makers.
const passwordBody = z.object({
  email: z.string().min(1).max(320),
  password: z.string().min(1).max(1_024),
  organization: z.string().min(1).max(200).nullish(),
  organization_id: z.uuid().nullish(),
});

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

export const accessToken = ({ token, issuedAt, expiresAt, user: person }: AccessToken) => ({
  access_token: token,
  token_type: "bearer",
  expires_in: (expiresAt.getTime() - issuedAt.getTime()) / 1_000,
  expires_at: expiresAt.getTime() / 1_000,
  user: user(person),
});
