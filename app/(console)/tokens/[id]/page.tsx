import { dehydrate, HydrationBoundary } from "@tanstack/react-query";
import type { Metadata } from "next";
import Link from "next/link";
import { notFound } from "next/navigation";
import { cache, Suspense } from "react";
import { forbidden } from "@/app/(console)/forbidden-page";
import { ExposedLink } from "@/components/exposed/exposed-link";
import { makeQueryClient } from "@/components/query-client";
import { tokenLabel } from "@/components/tokens/messages";
import { TokenAccess } from "@/components/tokens/token-access";
import type { TokenRow } from "@/components/tokens/token-actions";
import { tokenAccessOptions } from "@/components/tokens/tokens-query";
import { Breadcrumbs } from "@/components/ui/breadcrumbs";
import { Card } from "@/components/ui/card";
import { PageHeader } from "@/components/ui/page-header";
import { Skeleton } from "@/components/ui/skeleton";
import { accessOfToken } from "@/lib/access";
import { requireConsole } from "@/lib/api/http/console";
import type { Actor } from "@/lib/authorization/actor";
import { isUuid } from "@/lib/platform/uuid";
import { hasPermission } from "@/lib/vocabulary/permissions";
import { narrowToUsed } from "../actions";
import { tokenRows } from "../token-rows";
import { TokensOf } from "../tokens-of";

interface Props {
  params: Promise<{ id: string }>;
}

/** Page and title of one request read it once. */
const read = cache(
  async (actor: Actor, id: string): Promise<TokenRow | undefined> =>
    isUuid(id) ? (await tokenRows(actor, { whose: "one", id: id.toLowerCase() })).items[0] : undefined,
);

const mayRead = ({ role }: Actor) =>
  hasPermission(role, undefined, "token:manage_own") || hasPermission(role, undefined, "token:read");

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { actor } = await requireConsole();
  const token = mayRead(actor) ? await read(actor, (await params).id).catch(() => undefined) : undefined;
  return { title: token ? tokenLabel(token) : "API token" };
}

export default async function TokenPage({ params }: Props) {
  const { actor } = await requireConsole();
  if (!mayRead(actor)) return forbidden("Your role has no API tokens.");
  const token = (await read(actor, (await params).id)) ?? notFound();
  const { id, serviceAccountId } = token;
  return (
    <>
      <PageHeader
        above={<Breadcrumbs steps={[{ href: "/tokens", label: "API tokens" }]} />}
        title={tokenLabel(token)}
        description={
          <>
            Acts as{" "}
            {serviceAccountId ? (
              <Link href={`/service-accounts/${serviceAccountId}`} className="underline underline-offset-2">
                {token.ownerName}
              </Link>
            ) : (
              token.ownerName.replace(/^You$/, "you")
            )}
          </>
        }
        actions={
          serviceAccountId !== null &&
          hasPermission(actor.role, undefined, "audit:read") && (
            <ExposedLink asked={{ by: `token:${id}` }} words="What did it read?" />
          )
        }
      />
      <div className="space-y-5">
        <Card title="The token">
          <TokensOf
            actor={actor}
            label="The token"
            query={{ whose: "one", id }}
            empty={<p className="p-3 text-soft">It is revoked, and works nowhere any more.</p>}
          />
        </Card>
        <Suspense fallback={<Skeleton className="h-40 rounded-lg" />}>
          <Reaches actor={actor} token={token} />
        </Suspense>
      </div>
    </>
  );
}

async function Reaches({ actor, token }: { actor: Actor; token: TokenRow }) {
  const queries = makeQueryClient();
  await queries.prefetchQuery({ ...tokenAccessOptions(token.id), queryFn: () => accessOfToken(actor, token.id) });
  return (
    <HydrationBoundary state={dehydrate(queries)}>
      <TokenAccess token={token} narrow={token.mayChange ? narrowToUsed : undefined} />
    </HydrationBoundary>
  );
}
