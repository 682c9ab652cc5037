import { z } from "zod";
import { organizationItem } from "@/components/feeds/people";
import { type Params, readAddress, writeAddress } from "@/components/list/address";
import { pageOptions } from "@/components/list/page-options";

/** The names that stand in the address of the list; the feed refuses any other. */
export const organizationsShape = { q: z.string().trim().min(1).max(200).optional() };

export type OrganizationsQuery = z.infer<z.ZodObject<typeof organizationsShape>>;

export const readOrganizationsQuery = (params: Params): OrganizationsQuery => readAddress(organizationsShape, params);
export const organizationsParams = (query: OrganizationsQuery): URLSearchParams => writeAddress(query);

export const organizationKeys = { all: ["organizations"] };

export const organizationsOptions = (query: OrganizationsQuery) =>
  pageOptions(organizationItem, [...organizationKeys.all, query], "/organizations/feed", writeAddress(query));
