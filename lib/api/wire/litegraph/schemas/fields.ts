import { z } from "zod";
import { isUuid } from "@/lib/platform/uuid";

/** Fields of this dialect: what clients send empty or as null counts as left out. */
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
const readable = z.iso.datetime({ offset: true, local: true });
/** A time somebody read, or made up; what does not parse as one was never read here. */
export const time = z
  .union([z.string().transform((text) => readable.safeParse(text).data), absent])
  .optional()
  .catch(undefined)
  .meta({ description: "As it was read: a change is refused where the object has moved on since." });

/** As answers show them. */
export const guid = z.guid();
export const instant = z.iso.datetime().meta({ description: "In UTC, with six digits of a second." });
export const stamps = { CreatedUtc: instant, LastUpdateUtc: instant };
