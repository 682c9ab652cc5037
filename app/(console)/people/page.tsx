import { dehydrate, HydrationBoundary } from "@tanstack/react-query";
import type { Metadata } from "next";
import { forbidden } from "@/app/(console)/forbidden-page";
import { pageParams } from "@/components/list/address";
import { InvitePerson } from "@/components/people/invite-person";
import { PeopleList } from "@/components/people/people-list";
import { peopleOptions, readPeopleQuery } from "@/components/people/people-query";
import { makeQueryClient } from "@/components/query-client";
import { PageHeader } from "@/components/ui/page-header";
import { requireConsole } from "@/lib/api/http/console";
import { hasPermission } from "@/lib/vocabulary/permissions";
import { change, invite, inviteAgain, offerReset, remove, setActive } from "./actions";
import { pageOfPeople } from "./people-page";
import { rightsOf } from "./rights";

export const metadata: Metadata = { title: "People" };

interface Props {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function PeoplePage({ searchParams }: Props) {
  const { actor } = await requireConsole();
  if (!hasPermission(actor.role, undefined, "people:read"))
    return forbidden("People are for administrators and auditors.");
  const query = readPeopleQuery(pageParams(await searchParams));
  const queries = makeQueryClient();
  await queries.prefetchInfiniteQuery({ ...peopleOptions(query), queryFn: () => pageOfPeople(actor, query) });
  const rights = rightsOf(actor);
  return (
    <HydrationBoundary state={dehydrate(queries)}>
      <PageHeader
        title="People"
        description="Who signs in to this organisation, and what they may do."
        actions={rights.manage && <InvitePerson rights={rights} invite={invite} />}
      />
      <PeopleList rights={rights} actions={{ inviteAgain, offerReset, change, setActive, remove }} />
    </HydrationBoundary>
  );
}
