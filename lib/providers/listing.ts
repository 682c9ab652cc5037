import indexJson from "@/lib/generated/catalog/index.json";
import type { Listing } from "./listing-shape";

export type { Listing } from "./listing-shape";

/** Generated from all providers, ours and those of files: what lists and the picker load, and no more. */
const all: readonly Listing[] = [...(indexJson as unknown as Listing[])].sort((a, b) => a.label.localeCompare(b.label));
const byId: ReadonlyMap<string, Listing> = new Map(all.map((listing) => [listing.id, listing]));

/** Every provider, by label. */
export const listings = (): readonly Listing[] => all;

export const findListing = (id: string): Listing | undefined => byId.get(id);
