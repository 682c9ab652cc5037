import { z } from "zod";
import type { Page } from "@/lib/platform/pagination";

/** A page of a list, by what one item is. */
export const pageFeed = <Item>(item: z.ZodType<Item>): z.ZodType<Page<Item>> =>
  z.object({ items: z.array(item), total: z.number(), remaining: z.number() });
