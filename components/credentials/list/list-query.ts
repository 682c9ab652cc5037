import { z } from "zod";
import { type Params, readAddress, writeAddress } from "@/components/list/address";
import { outcomes } from "@/lib/providers/report";
import { type CredentialQuery, credentialStatuses, sortOrders } from "@/lib/vocabulary/credential-view";

/** What the address of the list says: search, filters and order. */
export type ListQuery = Pick<CredentialQuery, "q" | "provider" | "tag" | "status" | "health" | "sort" | "ownOnly">;

export const healthFilters = [...outcomes, "untested"] as const;

const text = z.string().trim().min(1).max(200);

/** The names that stand in the address; the feed refuses any other. */
export const listShape = {
  q: text.optional(),
  provider: text.optional(),
  tag: text.optional(),
  status: z.enum(credentialStatuses).optional(),
  health: z.enum(healthFilters).optional(),
  sort: z.enum(sortOrders).optional(),
  mine: z.literal("1").optional(),
};

export const defaultSort = "-updated_at";

export function readListQuery(params: Params): ListQuery {
  const { mine, ...rest } = readAddress(listShape, params);
  return { ...rest, sort: rest.sort ?? defaultSort, ...(mine && { ownOnly: true }) };
}

/** The same back again, for the address and for the feed. */
export function listParams({ ownOnly, sort, ...rest }: ListQuery): URLSearchParams {
  const params = writeAddress(rest);
  if (ownOnly) params.set("mine", "1");
  if (sort && sort !== defaultSort) params.set("sort", sort);
  return params;
}
