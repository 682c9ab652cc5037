import { dehydrate, HydrationBoundary } from "@tanstack/react-query";
import { TestHistory } from "@/components/credentials/detail/test-history";
import { testsOptions } from "@/components/credentials/queries";
import { makeQueryClient } from "@/components/query-client";
import { requireConsole } from "@/lib/api/http/console";
import { credentialTests } from "@/lib/credentials";
import { knownCredential } from "../../known";

interface Props {
  params: Promise<{ id: string }>;
}

export default async function TestsPage({ params }: Props) {
  const { actor } = await requireConsole();
  const { id } = await knownCredential(actor, (await params).id);
  const queries = makeQueryClient();
  await queries.prefetchQuery({ ...testsOptions(id), queryFn: () => credentialTests(actor, id) });
  return (
    <HydrationBoundary state={dehydrate(queries)}>
      <TestHistory id={id} />
    </HydrationBoundary>
  );
}
