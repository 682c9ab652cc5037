import "server-only";
import { z } from "zod";
import { callbackFor } from "@/lib/api/http/sign-in-browser";
import { missingSettings } from "@/lib/credentials";
import type { Authorization, SignInOffer } from "@/lib/providers/authorization";
import { type AuthorizationNotice, authorizationOutcomes } from "@/lib/vocabulary/authorization-outcome";

/** What a page says before somebody signs in. */
export const offerOf = (provider: string, authorization: Authorization): SignInOffer => ({
  redirectUri: callbackFor(provider, authorization),
  missingSettings: missingSettings(authorization),
});

const Ended = z.object({ sign_in: z.enum(authorizationOutcomes), credential_id: z.uuid().optional() });

/** How a sign-in ended that has come back to this page, from its address. Anybody can write one, so it says no more than that. */
export function endedHere(query: Record<string, string | string[] | undefined>): AuthorizationNotice | undefined {
  const { data } = Ended.safeParse(query);
  return data && { ending: data.sign_in, credentialId: data.credential_id };
}
