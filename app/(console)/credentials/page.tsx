import { dehydrate, HydrationBoundary } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import type { Metadata } from "next";
import { cookies } from "next/headers";
import Link from "next/link";
import { CredentialList } from "@/components/credentials/list/credential-list";
import { densityCookie, readDensity } from "@/components/credentials/list/density";
import { facetsOptions, listOptions } from "@/components/credentials/list/list-options";
import { readListQuery } from "@/components/credentials/list/list-query";
import { Total } from "@/components/credentials/list/total";
import { brokenUsesOptions, USES_SHOWN } from "@/components/credentials/queries";
import { pageParams } from "@/components/list/address";
import { makeQueryClient } from "@/components/query-client";
import { Button } from "@/components/ui/button";
import { LinkPending } from "@/components/ui/link-pending";
import { PageHeader } from "@/components/ui/page-header";
import { requireConsole } from "@/lib/api/http/console";
import { credentialFacets } from "@/lib/credentials";
import { listCredentialsWithUses, usesOfDeletedCredentials } from "@/lib/plugin-instances";
import { remove, setActive } from "./actions";
import { rightsOf } from "./rights";

export const metadata: Metadata = { title: "Credentials" };

interface Props {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function CredentialsPage({ searchParams }: Props) {
  const { actor } = await requireConsole();
  const sent = await searchParams;
  const query = readListQuery(pageParams(sent));
  const queries = makeQueryClient();
  // The counts come along if they are there by then: rows never wait for them.
  void queries.prefetchQuery({ ...facetsOptions(), queryFn: () => credentialFacets(actor) });
  void queries.prefetchInfiniteQuery({
    ...brokenUsesOptions(),
    queryFn: () => usesOfDeletedCredentials(actor, { limit: USES_SHOWN }),
  });
  // A part that fails is asked for again by the browser, and shown there as failed: the page itself stands.
  await queries.prefetchInfiniteQuery({ ...listOptions(query), queryFn: () => listCredentialsWithUses(actor, query) });
  const rights = rightsOf(actor);
  const density = readDensity((await cookies()).get(densityCookie)?.value);
  return (
    <HydrationBoundary state={dehydrate(queries)}>
      <PageHeader title="Credentials" aside={<Total />} actions={rights.create && <NewButton />} />
      <CredentialList rights={rights} actions={{ setActive, remove }} density={density} />
    </HydrationBoundary>
  );
}

const NewButton = () => (
  <Button asChild variant="primary">
    <Link href="/credentials/new">
      <Plus aria-hidden /> New credential
      <LinkPending />
    </Link>
  </Button>
);
