import { z } from "zod";
import { typeNames } from "../type-names";
import { user } from "./administration";
import { credentialId, time } from "./fields";

/** Signing in: here with a password, and at providers for a credential. */
export const grantQuery = z.strictObject({
  grant_type: z
    .string()
    .max(100)
    .meta({ description: "Must be `password`.", examples: ["password"] }),
});

// Clients send more along, which is for services of other makers.
export const passwordBody = z
  .object({
    email: z.string().min(1).max(320),
    password: z.string().min(1).max(1_024),
    organization: z.string().min(1).max(200).nullish(),
    organization_id: z.uuid().nullish(),
  })
  .meta({ id: "PasswordGrant", examples: [{ email: "ana@example.com", password: "the password" }] });

export const anonKey = z
  .strictObject({ anon_key: z.string().meta({ description: "Names this installation; it opens nothing." }) })
  .meta({ id: "AnonKey", examples: [{ anon_key: "(the constant)" }] });

export const accessToken = z
  .strictObject({
    access_token: z.string(),
    token_type: z.literal("bearer"),
    expires_in: z.number(),
    expires_at: z.number(),
    user,
  })
  .meta({ id: "AccessToken" });
export type AccessTokenShown = z.output<typeof accessToken>;

export const authorizeQuery = z.strictObject({
  credential_id: credentialId.optional(),
  credential_type: z.enum(typeNames).optional(),
  name: z.string().min(1).max(200).optional(),
  scopes: z.string().max(4_000).optional().meta({ description: "Separated by spaces or commas." }),
  redirect_to: z.string().max(2_000).optional().meta({ description: "A path of this installation." }),
});

export const pluginBody = z
  .object({
    redirect_to: z.string().max(2_000),
    integration_name: z.string().min(1).max(200),
    provider_name: z.string().max(100),
  })
  .meta({
    id: "PluginSignIn",
    examples: [{ redirect_to: "/credentials", integration_name: "Drive", provider_name: "google" }],
  });
export const legacyBody = pluginBody
  .omit({ provider_name: true })
  .meta({ id: "LegacyPluginSignIn", examples: [{ redirect_to: "/credentials", integration_name: "Drive" }] });

export const started = z
  .strictObject({ authorization_url: z.string(), redirect_uri: z.string(), expires_at: time })
  .meta({
    id: "StartedSignIn",
    description: "Where the browser of the person who signs in is to go.",
    examples: [
      {
        authorization_url: "https://provider.example/authorize",
        redirect_uri: "https://latchkey.example/api/integrations/google/callback",
        expires_at: "2026-11-02T09:40:00.000Z",
      },
    ],
  });
export type Started = z.output<typeof started>;

/** What a provider sends the browser back with; judged by the protocol, not by its shape. */
export const callbackQuery = z.object({
  state: z.string().optional(),
  code: z.string().optional(),
  error: z.string().optional(),
});
