import { z } from "zod";
import { fieldName } from "./schema-field";
import { oauth2Schema } from "./schema-oauth2";

/** A text in which {name} stands for the value of the field of that name. */
export const template = z
  .string({ error: "Must be text" })
  .max(2_000, "Must be at most 2000 characters")
  .regex(/^(?:[^{}]|\{[A-Za-z0-9_]+\})*$/, "May hold braces only around the name of a field");

export const headerName = z
  .string({ error: "Must be the name of a header" })
  .regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$/, "Must be the name of a header, without a colon")
  .refine((name) => !RESERVED.test(name), "Is a header that every request has of itself");

/** What a request says of itself, of its connection, or of whom it passes through. */
const RESERVED =
  /^(?:host|connection|transfer-encoding|te|trailer|upgrade|expect|keep-alive|accept-encoding|cookie|set-cookie|via|forwarded|x-forwarded-.*|x-real-ip|proxy-.*)$/i;

const fixedOrField = z.union([z.string().min(1).max(100), z.strictObject({ field: fieldName })], {
  error: "Must be a fixed text, or field: with the name of the field that holds it",
});

/** How a request to the service is signed. Each scheme of the list is applied, in its order. */
export const authenticationSchema = z.discriminatedUnion(
  "scheme",
  [
    z.strictObject({ scheme: z.literal("none") }).describe("The service asks nobody who they are."),
    z.strictObject({
      scheme: z.literal("bearer"),
      token: template.describe("Sent as: Authorization: Bearer TOKEN."),
    }),
    z.strictObject({
      scheme: z.literal("basic"),
      username: template,
      password: template,
    }),
    z.strictObject({
      scheme: z.literal("header"),
      name: z.union([headerName, z.strictObject({ field: fieldName })], { error: "Must be the name of a header" }),
      value: template,
    }),
    z.strictObject({
      scheme: z.literal("query"),
      name: z.string().min(1).max(100),
      value: template,
    }),
    oauth2Schema,
    z.strictObject({
      scheme: z.literal("aws_sigv4"),
      access_key_id: fieldName,
      secret_access_key: fieldName,
      session_token: fieldName.optional(),
      service: fixedOrField.optional().describe("Absent where the key is for any service."),
      region: fixedOrField.optional(),
    }),
    z
      .strictObject({
        scheme: z.literal("service_account_jwt"),
        email: fieldName.describe("Who signs: the account's e-mail address."),
        private_key: fieldName.describe("PEM, of an RSA key."),
        key_id: fieldName.optional(),
        token_url: z
          .string({ error: "Must be an address" })
          .regex(/^https:\/\/[^\s?#{}<>"]+$/, "Must be an address that begins with https://, without ? or #")
          .describe("Where the signed word is exchanged for a token (RFC 7523)."),
        scopes: z
          .array(z.string().regex(/^[\x21-\x7e]{1,300}$/, "Must be visible ASCII characters without spaces"))
          .min(1)
          .max(20)
          .describe("What the token is for. A test asks for no more than it uses."),
      })
      .describe("A service account's key signs a word, which is exchanged for the bearer token of the request."),
    z.strictObject({
      scheme: z.literal("client_certificate"),
      certificate: fieldName.describe("PEM, with its chain."),
      private_key: fieldName.describe("PEM."),
      passphrase: fieldName.optional(),
    }),
  ],
  {
    error:
      "Must name its scheme: none, bearer, basic, header, query, oauth2, aws_sigv4, service_account_jwt or client_certificate",
  },
);

export type Authentication = z.output<typeof authenticationSchema>;
