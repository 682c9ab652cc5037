import { z } from "zod";
import { fieldName, httpsUrl, words } from "./schema-field";

const setting = z.string().regex(/^[A-Z][A-Z0-9_]{1,60}$/, "Must be capital letters, digits and underscores");

/** Clear text only for a server on the very machine, as in tests and laboratories. */
const serverUrl = z
  .string({ error: "Must be an address" })
  .max(500)
  .regex(
    /^(?:https:\/\/|http:\/\/(?:localhost|127\.0\.0\.1)[:/])[^\s<>"]+$/,
    "Must be an address that begins with https://",
  );

const endpoint = z.union([serverUrl, z.strictObject({ field: fieldName })], {
  error: "Must be an address, or field: with the name of the field that holds it",
});

const scopeChoice = z.strictObject({
  value: z.string().regex(/^[\x21-\x7e]{1,300}$/, "Must be visible ASCII characters without spaces"),
  label: words(120),
  help: words(200).optional(),
  preset: z.literal(true).optional().describe("Asked for unless somebody takes it away."),
  always: z.literal(true).optional().describe("Asked for always, and not shown as a choice."),
});

/** What a server's refusal of a code or a refresh token means. */
export const refusalMeanings = [
  "grant_ended",
  "interaction_required",
  "session_limited",
  "consent_required",
  "policy_refused",
  "account_unavailable",
  "client_refused",
  "client_secret_expired",
  "client_secret_wrong",
  "client_unknown",
  "client_disabled",
  "tenant_unknown",
  "redirect_refused",
  "scope_refused",
  "in_trouble",
  "request_refused",
] as const;

const claim = z.string().regex(/^[A-Za-z0-9_:./-]{1,100}$/, "Must be the name of a claim");

/** An authorization server, whose client this product is there, and what signing in there yields. */
export const oauth2Parts = {
  label: words(60).default("the provider").describe("Whom one signs in with: Google."),
  server: z.union(
    [
      z.strictObject({
        issuer: serverUrl.describe("Its description is fetched (RFC 8414). May hold {tenant}."),
        setting: setting.optional().describe("The operator's setting that names another one."),
      }),
      z.strictObject({
        authorization: endpoint.optional(),
        token: endpoint,
        revocation: endpoint.optional().describe("RFC 7009."),
      }),
    ],
    { error: "Must be an issuer, or the addresses authorization, token and perhaps revocation" },
  ),
  tenant: z
    .strictObject({
      field: fieldName,
      otherwise: words(60).describe("Stands for {tenant} where nobody names one."),
      claim: claim.optional().describe("The claim of the ID token that says in which one somebody signed in."),
    })
    .optional()
    .describe("What stands for {tenant} in the issuer."),
  client: z.union(
    [
      z.strictObject({
        settings: z
          .array(setting)
          .min(1)
          .max(4)
          .describe("The operator's client: X_CLIENT_ID and X_CLIENT_SECRET, of the first that is set."),
      }),
      z.strictObject({
        id: fieldName.describe("The credential brings its own client: the fields that hold it."),
        secret: fieldName.optional(),
      }),
    ],
    { error: "Must be settings of the operator, or id and secret of the credential" },
  ),
  application: z
    .strictObject({
      id: fieldName,
      secret: fieldName,
      resource: z.strictObject({ url: httpsUrl, setting: setting.optional() }),
      scope: z.string().max(300).describe("May hold {resource}, the origin of the resource."),
    })
    .optional()
    .describe("A credential may bring an application of its own, which signs in as itself and nobody with it."),
  scopes: z
    .union([z.array(scopeChoice).max(100), z.strictObject({ field: fieldName })], {
      error: "Must be a list of choices, or field: with the name of the field that holds them",
    })
    .describe("What is asked for."),
  parameters: z
    .union([z.record(z.string().min(1).max(60), z.string().max(300)), z.strictObject({ field: fieldName })])
    .optional()
    .describe("The server's own parameters of the sign-in address."),
  identity: z
    .strictObject({
      account: z.array(claim).min(1).max(5).describe("The first claim that is there names the account."),
    })
    .optional()
    .describe("How the ID token says who signed in."),
  refusals: z
    .strictObject({
      words: z.record(z.string().max(100), z.enum(refusalMeanings)).optional(),
      numbers: z.record(z.string().regex(/^\d{3,9}$/), z.enum(refusalMeanings)).optional(),
    })
    .optional()
    .describe("Words and numbers of the server's own, beside those that are known of all servers."),
  revokes: z
    .enum(["token", "account"])
    .optional()
    .describe("account: the server ends every grant of the account at once. Default: token."),
  after_deletion: words(400)
    .default("The provider is not told. To end the access there, remove the application from the account.")
    .describe("What becomes of the access when the credential is deleted here, for people."),
};

export const oauth2Schema = z.strictObject({ scheme: z.literal("oauth2"), ...oauth2Parts });

/** A sign-in that several kinds share, or that belongs to a kind with code of its own: a file in sign-ins/. */
export const signInSchema = z.strictObject({
  schema: z.literal(1, { error: "Must be 1, the version of this form" }),
  id: z.string().regex(/^[a-z][a-z0-9_]{1,40}$/),
  ...oauth2Parts,
});

export type OAuth2 = Omit<z.output<typeof oauth2Schema>, "scheme">;
export type SignInFile = z.output<typeof signInSchema>;
