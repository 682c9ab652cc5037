import indexJson from "@/lib/generated/catalog/index.json";
import type { KindRow } from "./catalog/kind-form";
import { listingOf } from "./catalog/provider";
import { GROUP_OF, type Listing } from "./listing-shape";
import { nativeProviders } from "./native";

export type { Listing } from "./listing-shape";

const byId: ReadonlyMap<string, Listing> = new Map(
  [
    ...nativeProviders().map((definition) => ({
      ...definition,
      group: definition.group ?? GROUP_OF[definition.category],
    })),
    ...(indexJson as unknown as KindRow[]).map(listingOf),
  ].map((listing) => [listing.id, listing]),
);
const all: readonly Listing[] = [...byId.values()].sort((a, b) => a.label.localeCompare(b.label));

/** Every provider, by label. */
export const listings = (): readonly Listing[] => all;

export const findListing = (id: string): Listing | undefined => byId.get(id);
