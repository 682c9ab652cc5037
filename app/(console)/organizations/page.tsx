import { dehydrate, HydrationBoundary } from "@tanstack/react-query";
import type { Metadata } from "next";
import { forbidden } from "@/app/(console)/forbidden-page";
import { pageParams } from "@/components/list/address";
import { NewOrganization } from "@/components/organizations/new-organization";
import { OrganizationList } from "@/components/organizations/organization-list";
import { organizationsOptions, readOrganizationsQuery } from "@/components/organizations/organizations-query";
import { makeQueryClient } from "@/components/query-client";
import { PageHeader } from "@/components/ui/page-header";
import { requireConsole } from "@/lib/api/http/console";
import { hasPermission } from "@/lib/vocabulary/permissions";
import { create } from "./actions";
import { pageOfOrganizations } from "./organizations-page";

export const metadata: Metadata = { title: "Organisations" };

interface Props {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function OrganizationsPage({ searchParams }: Props) {
  const { actor } = await requireConsole();
  if (!hasPermission(actor.role, undefined, "platform:manage"))
    return forbidden("Organisations are for platform administrators.");
  const query = readOrganizationsQuery(pageParams(await searchParams));
  const queries = makeQueryClient();
  await queries.prefetchInfiniteQuery({
    ...organizationsOptions(query),
    queryFn: () => pageOfOrganizations(actor, query),
  });
  return (
    <HydrationBoundary state={dehydrate(queries)}>
      <PageHeader
        title="Organisations"
        description="All that share this vault. What they keep in it is theirs alone to see."
        actions={<NewOrganization create={create} />}
      />
      <OrganizationList ownId={actor.orgId} />
    </HydrationBoundary>
  );
}
