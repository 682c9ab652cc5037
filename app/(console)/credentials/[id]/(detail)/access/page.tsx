import { dehydrate, HydrationBoundary } from "@tanstack/react-query";
import { requestsOptions, whoCanOptions } from "@/components/access/access-query";
import { CredentialAccess } from "@/components/access/credential-access";
import { makeQueryClient } from "@/components/query-client";
import { accessToCredential, listRequests } from "@/lib/access";
import { requireConsole } from "@/lib/api/http/console";
import { ask, grant, takeAway, withdraw } from "../../../../access/actions";
import { viewerOf } from "../../../../access/viewer";
import { fetchAddress } from "../../fetch-address";
import { knownCredential } from "../../known";

interface Props {
  params: Promise<{ id: string }>;
}

export default async function AccessPage({ params }: Props) {
  const { actor } = await requireConsole();
  const { id } = await knownCredential(actor, (await params).id);
  const queries = makeQueryClient();
  await Promise.all([
    queries.prefetchQuery({ ...whoCanOptions(id), queryFn: () => accessToCredential(actor, id) }),
    queries.prefetchQuery({ ...requestsOptions(), queryFn: () => listRequests(actor) }),
  ]);
  return (
    <HydrationBoundary state={dehydrate(queries)}>
      <CredentialAccess
        id={id}
        viewer={viewerOf(actor)}
        address={fetchAddress(id)}
        actions={{ grant, takeAway, ask, withdraw }}
      />
    </HydrationBoundary>
  );
}
