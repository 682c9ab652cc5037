import { z } from "zod";

/** A name that values of a credential are stored under. */
export const fieldName = z
  .string({ error: "Must be the name of a field" })
  .regex(/^[A-Za-z_][A-Za-z0-9_]{0,63}$/, "Must be 1 to 64 letters, digits or underscores, and begin with no digit")
  .refine((name) => !(name in {}), "Is a name that every object has of itself");

/** Words that people read: no markup, one line. */
export const words = (max: number) =>
  z
    .string({ error: "Must be text" })
    .min(1, "Must not be empty")
    .max(max, `Must be at most ${max} characters`)
    .regex(/^[^<>\r\n]*$/, "Must be one line without < and >");

export const httpsUrl = z
  .string({ error: "Must be an address" })
  .max(500, "Must be at most 500 characters")
  .regex(/^https:\/\/[^\s{}<>"]+$/, "Must be an address that begins with https://");

const sample = z
  .string({ error: "Must be text" })
  .min(1, "Must not be empty")
  .max(2_000)
  .describe("Made up; no secret.");

/** How another system shows a field of a kind that it shares with us. */
export const shownFieldSchema = z.strictObject({
  label: words(100),
  help: words(400).optional(),
  placeholder: sample.optional(),
});

const option = z.strictObject({
  value: z.string().min(1).max(200).describe("What is stored."),
  label: words(100).describe("What the form says."),
});

export const holdings = ["aws_key_id", "aws_secret", "client_secret"] as const;

/** One value of a credential, as people and programs enter it. */
export const fieldSchema = z.strictObject({
  name: fieldName,
  kind: z
    .enum(["text", "password", "url", "number", "boolean", "options"])
    .describe("A password and a url are secrets; the others are shown unless they say that they are secret."),
  label: words(100),
  help: words(400).optional().describe("Below the field: where the value is found, in whole sentences."),
  placeholder: sample.optional().describe("Inside the empty field, as grey text."),
  example: z
    .union([sample, z.number(), z.boolean()])
    .optional()
    .describe("A made-up value that is accepted: for the documentation, and for the tests of the kind."),
  docs: httpsUrl.optional().describe("Where the service explains this value."),
  secret: z.boolean().optional().describe("Where it is not as the kind of field says."),
  destination: z
    .boolean()
    .optional()
    .describe("It decides where secrets go (host, address, account, user): changing it asks for them again."),
  optional: z
    .union([z.literal(true), z.literal("in_form")], { error: "Must be true or in_form" })
    .optional()
    .describe("in_form: systems that share the kind ask for it, but many do without, so our form does not insist."),
  own: z.literal(true).optional().describe("Unknown to the systems that share the kind: asked for here, for the test."),
  hidden: z.literal(true).optional().describe("Stored with its default, never drawn."),
  advanced: z.literal(true).optional().describe("Drawn among the further settings."),
  rows: z.int().min(2).max(20).optional().describe("Of a password: it has several lines."),
  default: z
    .union([z.string().max(2_000), z.number().int().min(0)], { error: "Must be text or a whole number" })
    .optional()
    .describe("Of a field that is no secret: what is stored where nothing is given."),
  options: z.array(option).min(1).max(100).optional().describe("Of kind options: what there is to choose from."),
  empty_label: words(100).optional().describe("What leaving an optional choice out means."),
  holds: z
    .enum(holdings)
    .optional()
    .describe("A value with a known look: what people often put in its place is told when it is entered."),
});

export type KindField = z.output<typeof fieldSchema>;
