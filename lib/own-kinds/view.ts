import type { ProviderDefinition } from "@/lib/generated/prisma/client";
import { listingSchema } from "@/lib/providers/listing-schema";
import type { Listing } from "@/lib/providers/listing-shape";

/** A kind of the organisation's own, as lists show it. Safe for the browser. */
export interface KindView {
  /** What stands as the provider of its credentials. */
  id: string;
  listing: Listing;
  version: number;
  /** How many credentials of it are stored. */
  credentials: number;
  createdAt: string;
  createdBy: string;
  updatedAt: string;
  modifiedBy: string;
}

/** The same with its definition. */
export interface WrittenKind extends KindView {
  text: string;
  /** Names of credentials of it, the first twenty. */
  uses: string[];
}

export interface KindVersion {
  version: number;
  madeAt: string;
  madeBy: string;
}

type Row = Omit<ProviderDefinition, "text">;

export const toView = ({ kind, listing, version, ...row }: Row, credentials: number): KindView => ({
  id: kind,
  listing: listingSchema.parse(listing),
  version,
  credentials,
  createdAt: row.createdAt.toISOString(),
  createdBy: row.createdBy,
  updatedAt: row.updatedAt.toISOString(),
  modifiedBy: row.modifiedBy,
});
