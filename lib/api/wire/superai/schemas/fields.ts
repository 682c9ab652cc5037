import { z } from "zod";

/** Fields that several of this dialect's objects have. */
export const id = z.guid();
export const time = z.iso.datetime();
export const optionalTime = time.nullable();
export const modifiedBy = z.string().meta({ description: "Who changed it last: an e-mail address or a name." });
/** When somebody made and changed it, as every object tells. */
export const stamps = { created_at: time, updated_at: time, modified_by: modifiedBy };

/** A time that a request sets. */
export const instant = z.iso.datetime({ offset: true }).refine((text) => {
  const year = new Date(text).getUTCFullYear();
  return year >= 2000 && year < 2200;
}, "Must be between the years 2000 and 2200");
export const description = z.string().max(2_000).nullish();

/** Names a credential: its own id, or the one that it brought along, which nobody here but its organisation can judge. */
export const credentialId = z
  .string()
  .min(1)
  .max(255)
  .meta({ description: "The credential's id, or the id that it brought along from another system." });

const asWholeNumber = (minimum: number, maximum: number) => ({
  override: { type: "integer", minimum, maximum, pattern: undefined } as const,
});

const number = (max: number) =>
  z
    .string()
    .regex(/^\d{1,7}$/, "Must be a number")
    .transform(Number)
    .refine((value) => value <= max, `Must be at most ${max}`);
/** How far into a list, and how much of it. */
export const stretch = {
  offset: number(9_999_999)
    .default(0)
    .meta({ description: "Left out at the beginning.", ...asWholeNumber(0, 9_999_999) }),
  limit: number(1_000)
    .default(100)
    .meta({ description: "At most so many.", ...asWholeNumber(0, 1_000) }),
};
export const pageQuery = z.strictObject(stretch);

/** Of lists with a cursor. */
export const limit = (max: number) =>
  z
    .string()
    .regex(new RegExp(`^\\d{1,${String(max).length}}$`), `Must be a number from 1 to ${max}`)
    .transform(Number)
    .refine((given) => given >= 1 && given <= max, `Must be a number from 1 to ${max}`)
    .meta({ description: "At most so many in one answer.", ...asWholeNumber(1, max) });
