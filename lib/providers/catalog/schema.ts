import { z } from "zod";
import { credentialTypes, groups } from "../define";
import { authenticationSchema, template } from "./schema-authentication";
import { fieldName, fieldSchema, httpsUrl, shownFieldSchema, words } from "./schema-field";
import { pasteSchema } from "./schema-paste";
import { testSchema } from "./schema-test";

/** The version of this form. A file says which one it is written in. */
const VERSION = 1;

/** Where requests go: the same for everybody, with fields in it, or in a field. Paths follow it directly. */
const baseUrlSchema = z.union(
  [
    template
      .regex(/^https:\/\/[^\s?#]+$/, "Must begin with https://, and hold no space, ? or #")
      .describe("A field within the host is one label of its name; one behind that is percent-encoded."),
    z.strictObject({
      field: fieldName,
      form: z
        .enum(["url", "elastic_cloud_id"])
        .optional()
        .describe("How the address is written in the field. Default: url."),
      default: httpsUrl.optional().describe("Where the field is not given."),
    }),
  ],
  { error: "Must be an address that begins with https://, or field: with the name of the field that holds it" },
);

/** A kind of credential, as one file says it. What the file's parts mean is in docs/providers.md. */
export const kindSchema = z
  .strictObject({
    schema: z.literal(VERSION, { error: `Must be ${VERSION}, the version of this form` }),
    id: z
      .string({ error: "Must be text" })
      .regex(/^[A-Za-z][A-Za-z0-9_]{1,63}$/, "Must be 2 to 64 letters, digits or underscores, and begin with a letter")
      .describe("The name of the file. It is stored with every credential, so it never changes."),
    label: words(60),
    group: z.enum(groups, { error: `Must be one of: ${groups.join(", ")}` }).describe("The drawer of the picker."),
    credential_type: z.enum(credentialTypes, { error: `Must be one of: ${credentialTypes.join(", ")}` }),
    aliases: z.array(words(40)).max(20).describe("Other words that people look for it by, in small letters."),
    description: z
      .string({ error: "Must be text" })
      .regex(/^[A-Z][^<>\r\n]{8,90}\.$/, "Must be a sentence of at most 92 characters, without < and >"),
    docs: httpsUrl.optional().describe("Where the service describes its keys, or the request of the test."),
    same_as: z
      .string()
      .max(64)
      .optional()
      .describe("The provider that is the same system, of which this is another form."),
    flowise: z
      .strictObject({
        version: z.number().positive(),
        optional: z.literal(true).optional().describe("As a whole: an application can do without such a credential."),
        fields: z
          .record(fieldName, shownFieldSchema)
          .optional()
          .describe("Fields whose words are others there: they are shown there with these alone."),
      })
      .optional()
      .describe("Flowise has this kind, under the same id and with the same fields."),
    fields: z.array(fieldSchema).max(40).describe("In the order of the form."),
    paste: pasteSchema.optional().describe("How people have it in one piece: what is pasted into the form fills it."),
    authentication: z
      .array(authenticationSchema)
      .min(1)
      .max(4)
      .optional()
      .describe("How requests are signed. Absent while nobody has described it."),
    base_url: baseUrlSchema.optional(),
    test: testSchema.optional().describe("Absent where it cannot be tried out."),
    provenance: z
      .strictObject({
        sources: z
          .array(z.union([httpsUrl, words(200)]))
          .min(1)
          .max(10),
        checked: z.iso.date({ error: "Must be a date such as 2026-01-31" }),
      })
      .describe("Where the facts come from, and when they were looked up last."),
  })
  .describe("A kind of credential");

/** Where the facts come from is for whoever looks after the files: an organisation's own kind need not say it. */
export type Kind = Omit<z.output<typeof kindSchema>, "provenance"> &
  Partial<Pick<z.output<typeof kindSchema>, "provenance">> & {
    /** Of an organisation's own kind: what other systems call it that credentials are moved in from. */
    imports?: string[] | undefined;
  };
export type BaseUrl = z.output<typeof baseUrlSchema>;

/** The form of a kind's file, for editors and other tools. */
export const kindJsonSchema = (): object =>
  z.toJSONSchema(kindSchema, { target: "draft-2020-12", io: "input", reused: "inline" });
