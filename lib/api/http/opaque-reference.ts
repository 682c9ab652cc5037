import "server-only";
import { keyedReference } from "@/lib/platform/keys";

/** Stands where the ciphertext would be: changes with every change, and opens nothing. */
export const reference = (view: { id: string; version: number; updatedAt: string }): string =>
  keyedReference(`${view.id}/${view.version}/${view.updatedAt}`);
