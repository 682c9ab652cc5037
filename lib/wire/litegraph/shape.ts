import { z } from "zod";
import { invalidField, Refusal } from "@/lib/refusal";
import { isUuid } from "@/lib/uuid";

/** @throws Refusal "invalid" naming the place when it is no GUID */
export function guid(text: string | undefined, name: string): string {
  if (text === undefined || !isUuid(text)) throw invalidField(name, "Is no GUID");
  return text.toLowerCase();
}

export const guidField = z
  .string()
  .refine(isUuid, "Is no GUID")
  .transform((text) => text.toLowerCase());
/** Of fields that the path decides: clients send them empty, or as null. */
const asIfAbsent = z.union([z.literal(""), z.null()]).transform(() => undefined);
export const ownGuid = z.union([guidField, asIfAbsent]).optional();
export const absent = z.null().transform(() => undefined);
export const text = z.union([z.string(), absent]).optional();
export const flag = z.union([z.boolean(), absent]).optional();
/** A time somebody read, or made up; what does not parse as one was never read here. */
export const time = z
  .union([z.iso.datetime({ offset: true, local: true }), absent])
  .optional()
  .catch(undefined);

/** The body in its documented form. @throws Refusal "malformed" naming the fields, never repeating a value */
export function shaped<T>(schema: z.ZodType<T>, body: Record<string, unknown>): T {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  const fields = result.error.issues.map((issue) => ({
    path: issue.path.map((part) => (typeof part === "number" ? part : String(part))),
    message: "Is missing or of the wrong form",
    code: issue.code,
  }));
  throw new Refusal("malformed", "The body has the wrong form", { fields });
}
