import { dehydrate, HydrationBoundary } from "@tanstack/react-query";
import { Activity } from "@/components/credentials/detail/activity";
import { historyOptions } from "@/components/credentials/queries";
import { makeQueryClient } from "@/components/query-client";
import { requireConsole } from "@/lib/api/http/console";
import { credentialHistory } from "@/lib/platform/audit/history";
import { knownCredential } from "../../known";

interface Props {
  params: Promise<{ id: string }>;
}

export default async function ActivityPage({ params }: Props) {
  const { actor } = await requireConsole();
  const { id } = await knownCredential(actor, (await params).id);
  const queries = makeQueryClient();
  await queries.prefetchInfiniteQuery({ ...historyOptions(id), queryFn: () => credentialHistory(actor, id) });
  return (
    <HydrationBoundary state={dehydrate(queries)}>
      <Activity id={id} />
    </HydrationBoundary>
  );
}
