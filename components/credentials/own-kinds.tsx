"use client";

import { createContext, type ReactNode, use } from "react";
import { findListing, type Listing } from "@/lib/providers/listing";

const Own = createContext<readonly Listing[]>([]);

/** Makes the organisation's own kinds known to lists and the picker, beside those that everybody has. */
export const OwnKinds = ({ listings, children }: { listings: Promise<readonly Listing[]>; children: ReactNode }) => (
  <Own value={use(listings)}>{children}</Own>
);

export const useOwnKinds = (): readonly Listing[] => use(Own);

/** What lists know of a kind, of whichever sort it is. */
export const listingAmong = (own: readonly Listing[], id: string): Listing | undefined =>
  findListing(id) ?? own.find((listing) => listing.id === id);
