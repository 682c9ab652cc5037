import { dehydrate, HydrationBoundary } from "@tanstack/react-query";
import { Overview } from "@/components/credentials/detail/overview";
import { credentialOptions, usageOptions } from "@/components/credentials/queries";
import { makeQueryClient } from "@/components/query-client";
import { credentialUsage } from "@/lib/credentials";
import { requireConsole } from "@/lib/http/console";
import { knownCredential } from "../known";

interface Props {
  params: Promise<{ id: string }>;
}

export default async function OverviewPage({ params }: Props) {
  const { actor } = await requireConsole();
  const { id } = await knownCredential(actor, (await params).id);
  const queries = makeQueryClient();
  await Promise.all([
    queries.prefetchQuery({ ...credentialOptions(id), queryFn: () => knownCredential(actor, id) }),
    queries.prefetchQuery({ ...usageOptions(id), queryFn: () => credentialUsage(actor, id, 30) }),
  ]);
  return (
    <HydrationBoundary state={dehydrate(queries)}>
      <Overview id={id} />
    </HydrationBoundary>
  );
}
