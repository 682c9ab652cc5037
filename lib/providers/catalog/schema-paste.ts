import { z } from "zod";
import { pasteReaders } from "../pasting/names";
import { fieldName } from "./schema-field";

const settings = z.strictObject({
  settings: z
    .record(
      fieldName,
      z
        .array(
          z
            .string({ error: "Must be text" })
            .regex(
              /^[A-Za-z_][A-Za-z0-9_. -]{0,59}$/,
              "Must be the name of a setting: letters, digits, _ . - and blanks",
            ),
        )
        .min(1)
        .max(10),
    )
    .describe(
      "By field: its names in settings files, in variables and in JSON. Case and marks between words do not count.",
    ),
});

const reader = z.strictObject({
  reader: z.enum(pasteReaders, { error: `Must be one of: ${pasteReaders.join(", ")}` }),
  values: z.record(z.string(), fieldName).describe("By the reader's own names: the fields that hold its values."),
  schemes: z
    .record(
      z.string().regex(/^[a-z][a-z0-9+.-]{0,40}$/, "Must be the scheme of an address, in small letters, without ://"),
      z.string({ error: "Must be text; empty where it says nothing of TLS" }).max(20),
    )
    .optional()
    .describe("Of the reader address: the schemes that are taken, and the value of tls that each stands for."),
});

/** The ways in which people have a kind's credentials in one piece. The first in which a pasted text is written counts. */
export const pasteSchema = z
  .array(z.union([settings, reader], { error: "Must have settings, or a reader with its values" }))
  .min(1)
  .max(5);
