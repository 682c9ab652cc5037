import { dehydrate, HydrationBoundary } from "@tanstack/react-query";
import { Configuration } from "@/components/credentials/detail/configuration";
import { credentialOptions } from "@/components/credentials/queries";
import { makeQueryClient } from "@/components/query-client";
import { requireConsole } from "@/lib/api/http/console";
import { knownCredential } from "../../known";

interface Props {
  params: Promise<{ id: string }>;
}

export default async function ConfigurationPage({ params }: Props) {
  const { actor } = await requireConsole();
  const view = await knownCredential(actor, (await params).id);
  const queries = makeQueryClient();
  queries.setQueryData(credentialOptions(view.id).queryKey, view);
  return (
    <HydrationBoundary state={dehydrate(queries)}>
      <Configuration id={view.id} />
    </HydrationBoundary>
  );
}
