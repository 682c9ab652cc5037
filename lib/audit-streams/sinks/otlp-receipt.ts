import "server-only";
import { z } from "zod";
import { outsideJson } from "@/lib/platform/net/bounded-json";
import { Unreachable } from "@/lib/platform/net/unreachable";
import { DONE, refused } from "./ask";
import type { Delivery } from "./sink";

/** A 64-bit number, which protobuf's JSON has as a text or a number. */
const count = z.union([z.int(), z.string().regex(/^\d{1,19}$/)]).transform(BigInt);
const receiptSchema = z.object({
  partialSuccess: z.object({ rejectedLogRecords: count.optional() }).nullish(),
});

/**
 * What the answer to an accepted request says: how many of its records were not taken. Some receivers answer nothing at all; what
 * is no receipt is none, as a page for signing in.
 * @throws Unreachable "unreadable"
 */
export async function receiptIn(text: string): Promise<Delivery> {
  if (text.trim() === "") return DONE;
  const receipt = receiptSchema.safeParse(outsideJson(text));
  if (!receipt.success) throw new Unreachable("unreadable");
  return (receipt.data.partialSuccess?.rejectedLogRecords ?? 0n) > 0n ? refused("rejected") : DONE;
}
