import { renewCredential } from "@/lib/credentials";
import { flowise } from "@/lib/http/flowise";
import { idOf, plainly } from "../../known";

/** Renews access now, for somebody known who may change the credential. The tokens stay here. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = flowise("/oauth2-credential/refresh/{id}", {
  POST: ({ actor, params }) =>
    plainly(async () => {
      const view = await renewCredential(actor, await idOf(actor, params.id));
      const tokenInfo = {
        token_type: "Bearer",
        has_new_refresh_token: view.secrets.refresh_token !== undefined,
        expires_at: view.tokenExpiresAt,
      };
      const message = "OAuth2 token refreshed successfully";
      return { status: 200, body: { success: true, message, credentialId: params.id, tokenInfo } };
    }),
});
