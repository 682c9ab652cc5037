import { z } from "zod";
import { categories, credentialTypes, groups } from "./define";
import type { Listing } from "./listing-shape";

const text = z.string();

/**
 * The listing of a kind that an organisation has made, as it is stored and as it comes to a browser. Nobody signs in for such a
 * kind, so its methods say nothing of that. Keys that another version has added are passed over.
 */
export const listingSchema: z.ZodType<Listing> = z.object({
  id: text,
  label: text,
  description: text,
  category: z.enum(categories),
  group: z.enum(groups),
  aliases: z.array(text),
  monogram: text.exactOptional(),
  methods: z.array(
    z.object({
      type: z.enum(credentialTypes),
      label: text,
      testable: z.boolean(),
      obtainedBy: z.literal("values"),
      testNeeds: z.array(text).exactOptional(),
    }),
  ),
});
