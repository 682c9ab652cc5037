import { dehydrate, HydrationBoundary } from "@tanstack/react-query";
import { PeopleList } from "@/components/people/people-list";
import { type PeopleQuery, peopleOptions } from "@/components/people/people-query";
import { makeQueryClient } from "@/components/query-client";
import type { Actor } from "@/lib/authorization/actor";
import { change, inviteAgain, offerReset, remove, setActive } from "../../people/actions";
import { pageOfPeople } from "../../people/people-page";
import { rightsOf } from "../../people/rights";

interface Props {
  actor: Actor;
  organization: string;
  query: PeopleQuery;
}

/** Its people, whom the platform's administrator looks after as one at work there. */
export async function PeopleOf({ actor, organization, query }: Props) {
  const queries = makeQueryClient();
  await queries.prefetchInfiniteQuery({
    ...peopleOptions(query, organization),
    queryFn: () => pageOfPeople(actor, { ...query, organization }),
  });
  return (
    <HydrationBoundary state={dehydrate(queries)}>
      <PeopleList
        rights={rightsOf(actor)}
        organization={organization}
        actions={{ inviteAgain, offerReset, change, setActive, remove }}
      />
    </HydrationBoundary>
  );
}
