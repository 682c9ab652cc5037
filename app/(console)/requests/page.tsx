import { dehydrate, HydrationBoundary } from "@tanstack/react-query";
import type { Metadata } from "next";
import { forbidden } from "@/app/(console)/forbidden-page";
import { requestsOptions } from "@/components/access/access-query";
import { Requests } from "@/components/access/requests";
import { makeQueryClient } from "@/components/query-client";
import { PageHeader } from "@/components/ui/page-header";
import { listRequests } from "@/lib/access";
import { requireConsole } from "@/lib/api/http/console";
import { hasPermission } from "@/lib/vocabulary/permissions";
import { answer } from "../access/actions";

export const metadata: Metadata = { title: "Access requests" };

export default async function RequestsPage() {
  const { actor } = await requireConsole();
  if (!hasPermission(actor.role, undefined, "access:manage"))
    return forbidden("Access requests are for those who give access and those who ask for it.");
  const queries = makeQueryClient();
  await queries.prefetchQuery({ ...requestsOptions(), queryFn: () => listRequests(actor) });
  return (
    <HydrationBoundary state={dehydrate(queries)}>
      <PageHeader title="Access requests" description="Who asks to do more with a credential, and what became of it." />
      <Requests ownId={actor.id} answer={answer} />
    </HydrationBoundary>
  );
}
