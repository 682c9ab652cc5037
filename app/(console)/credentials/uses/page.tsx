import { dehydrate, HydrationBoundary } from "@tanstack/react-query";
import type { Metadata } from "next";
import { brokenUsesOptions, USES_SHOWN } from "@/components/credentials/queries";
import { BrokenUses } from "@/components/credentials/uses/broken-uses";
import { makeQueryClient } from "@/components/query-client";
import { Breadcrumbs } from "@/components/ui/breadcrumbs";
import { PageHeader } from "@/components/ui/page-header";
import { requireConsole } from "@/lib/api/http/console";
import { usesOfDeletedCredentials } from "@/lib/plugin-instances";

export const metadata: Metadata = { title: "Uses of deleted credentials" };

export default async function BrokenUsesPage() {
  const { actor } = await requireConsole();
  const queries = makeQueryClient();
  await queries.prefetchInfiniteQuery({
    ...brokenUsesOptions(),
    queryFn: () => usesOfDeletedCredentials(actor, { limit: USES_SHOWN }),
  });
  return (
    <HydrationBoundary state={dehydrate(queries)}>
      <PageHeader
        above={<Breadcrumbs steps={[{ href: "/credentials", label: "Credentials" }]} />}
        title="Uses of deleted credentials"
        description="These tasks fail until their workflow system gives them another credential, or takes them out of the register."
      />
      <BrokenUses />
    </HydrationBoundary>
  );
}
