import "server-only";
import type { OrganizationsQuery } from "@/components/organizations/organizations-query";
import type { Actor } from "@/lib/authorization/actor";
import { pageOfOrganizations as pageOf } from "@/lib/organizations";

const PAGE = 50;

/** One page of organisations by name, for the page and for its feed. */
export const pageOfOrganizations = (actor: Actor, query: OrganizationsQuery & { after?: string | undefined }) =>
  pageOf(actor, { ...query, order: "name_asc", limit: PAGE });
