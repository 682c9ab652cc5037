import { dehydrate, HydrationBoundary } from "@tanstack/react-query";
import { Overview } from "@/components/credentials/detail/overview";
import { credentialOptions, usageOptions } from "@/components/credentials/queries";
import { makeQueryClient } from "@/components/query-client";
import { requireConsole } from "@/lib/api/http/console";
import { credentialUsage } from "@/lib/credentials";
import { methodOfStored } from "@/lib/providers/index";
import { grant } from "../../../access/actions";
import { rightsOf } from "../../rights";
import { endedHere, offerOf } from "../../sign-in-offer";
import { fetchAddress } from "../fetch-address";
import { knownCredential } from "../known";

interface Props {
  params: Promise<{ id: string }>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function OverviewPage({ params, searchParams }: Props) {
  const { actor } = await requireConsole();
  const query = await searchParams;
  const { id, provider, type } = await knownCredential(actor, (await params).id);
  const authorization = methodOfStored(provider, type)?.authorization;
  const offer = authorization && offerOf(provider, authorization);
  const queries = makeQueryClient();
  await Promise.all([
    queries.prefetchQuery({ ...credentialOptions(id), queryFn: () => knownCredential(actor, id) }),
    queries.prefetchQuery({ ...usageOptions(id), queryFn: () => credentialUsage(actor, id, 30) }),
  ]);
  return (
    <HydrationBoundary state={dehydrate(queries)}>
      <Overview
        id={id}
        rights={rightsOf(actor)}
        address={fetchAddress(id)}
        grant={grant}
        offer={offer}
        ended={endedHere(query)}
        isMade={query.new === "true"}
      />
    </HydrationBoundary>
  );
}
