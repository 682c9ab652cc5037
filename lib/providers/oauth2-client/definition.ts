import { type CredentialData, defineProvider, instant, secret, text } from "../define";
import { signInForm } from "../sign-in-forms";
import { methodSignedIn } from "../sign-in-method";
import { tokenSet } from "../token-set";

const webAddress = {
  test: /^https?:\/\/[^\s/@?#]+(?:[/?#]\S*)?$/,
  message: "Must be an address that begins with https://, without a user name or password in it",
};

/** An account at any OAuth 2 server, through a client that its owner registered there: it renews by itself. */
export const definition = defineProvider({
  id: "oauth2_client",
  label: "OAuth 2 account",
  description: "An account at any OAuth 2 server, through a client of your own there.",
  category: "automation",
  aliases: ["oauth", "oauth2", "oidc", "token", "refresh token", "client id", "client secret"],
  docs: "https://datatracker.ietf.org/doc/html/rfc6749",
  methods: [
    {
      type: "oauth2",
      label: "Client of your own",
      help: "Register a client at the server, save its ID and secret here, then sign in.",
      fields: {
        authorizationUrl: text({
          label: "Authorization URL",
          placeholder: "https://login.example.com/oauth2/authorize",
          optional: true,
          destination: true,
          pattern: webAddress,
        }),
        accessTokenUrl: text({
          label: "Access Token URL",
          placeholder: "https://login.example.com/oauth2/token",
          destination: true,
          pattern: webAddress,
        }),
        clientId: text({ label: "Client ID", max: 512, destination: true }),
        clientSecret: secret({ label: "Client Secret", max: 512, optional: true }),
        scope: text({ label: "Scope", optional: true, placeholder: "openid offline_access" }),
        additionalParameters: text({
          label: "Additional Parameters",
          help: "Of the sign-in address, as a query string.",
          placeholder: "access_type=offline&prompt=consent",
          optional: true,
          advanced: true,
        }),
        access_token: tokenSet.access_token,
        refresh_token: tokenSet.refresh_token,
        token_type: text({ label: "Token type", optional: true, obtained: true, max: 64 }),
        expires_at: tokenSet.expires_at,
        granted_scope: text({ label: "Granted permissions", optional: true, obtained: true }),
        token_received_at: instant({ label: "Signed in", optional: true, obtained: true }),
      },
      example: {
        authorizationUrl: "https://login.example.com/oauth2/authorize",
        accessTokenUrl: "https://login.example.com/oauth2/token",
        clientId: "example-client",
        clientSecret: "example-client-secret",
        scope: "openid offline_access",
      },
      summary,
      obtainedBy: "values",
      openFields: true,
      testable: false,
      ...methodSignedIn(signInForm("oauth2_client")),
    },
  ],
});

function summary({ accessTokenUrl, clientId }: CredentialData): string {
  const url = String(accessTokenUrl);
  return `${URL.canParse(url) ? new URL(url).host : "OAuth 2 server"} as ${clientId}`;
}
