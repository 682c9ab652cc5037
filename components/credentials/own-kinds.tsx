"use client";

import { queryOptions, useQuery } from "@tanstack/react-query";
import { createContext, type ReactNode, use } from "react";
import { z } from "zod";
import { fetchFeed } from "@/components/feed";
import { findListing, type Listing } from "@/lib/providers/listing";
import { listingSchema } from "@/lib/providers/listing-schema";

const Own = createContext<readonly Listing[]>([]);

/** Makes the organisation's own kinds known to what is drawn below, beside those that everybody has. */
export const OwnKinds = ({ listings, children }: { listings: Promise<readonly Listing[]>; children: ReactNode }) => (
  <Own value={use(listings)}>{children}</Own>
);

const listingsFeed = z.array(listingSchema);
const ownKindsOptions = queryOptions({
  queryKey: ["own-kinds"],
  queryFn: ({ signal }) => fetchFeed(listingsFeed, "/credentials/feed/kinds", undefined, signal),
});

/** The same where no page has brought them: asked for when this is drawn, and not waited for. */
export function OwnKindsAsked({ children }: { children: ReactNode }) {
  const { data } = useQuery(ownKindsOptions);
  return <Own value={data ?? []}>{children}</Own>;
}

export const useOwnKinds = (): readonly Listing[] => use(Own);

/** What lists know of a kind, of whichever sort it is. */
export const listingAmong = (own: readonly Listing[], id: string): Listing | undefined =>
  findListing(id) ?? own.find((listing) => listing.id === id);
