import { flowise } from "@/lib/api/http/flowise";
import { renewal } from "@/lib/api/wire/flowise/operations/session";
import { renewCredential } from "@/lib/credentials";
import { idOf, plainly } from "../../known";

/** Renews access now, for somebody known who may change the credential. The tokens stay here. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = flowise(renewal, {
  POST: ({ actor, params }) =>
    plainly(async () => {
      const view = await renewCredential(actor, await idOf(actor, params.id));
      const tokenInfo = {
        token_type: "Bearer" as const,
        has_new_refresh_token: view.secrets.refresh_token !== undefined,
        expires_at: view.tokenExpiresAt,
      };
      const message = "OAuth2 token refreshed successfully";
      return {
        status: 200 as const,
        body: { success: true as const, message, credentialId: params.id ?? "", tokenInfo },
      };
    }),
});
