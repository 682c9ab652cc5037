import type { z } from "zod";
import { invalidField, Refusal } from "@/lib/platform/refusal";
import { isUuid } from "@/lib/platform/uuid";

/** @throws Refusal "invalid" naming the place when it is no GUID */
export function guid(text: string | undefined, name: string): string {
  if (text === undefined || !isUuid(text)) throw invalidField(name, "Is no GUID");
  return text.toLowerCase();
}

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
