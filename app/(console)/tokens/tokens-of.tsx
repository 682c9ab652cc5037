import { dehydrate, HydrationBoundary } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { makeQueryClient } from "@/components/query-client";
import { TokenList } from "@/components/tokens/token-list";
import { type TokensQuery, tokensOptions } from "@/components/tokens/tokens-query";
import type { Actor } from "@/lib/authorization/actor";
import { change, endOverlap, revoke, rotate, setTokenActive } from "./actions";
import { tokenRows } from "./token-rows";

interface Props {
  actor: Actor;
  label: string;
  query: TokensQuery;
  withOwner?: boolean;
  empty: ReactNode;
}

/** A list of tokens with its first page, which the browser then keeps fresh. */
export async function TokensOf({ actor, query, ...list }: Props) {
  const queries = makeQueryClient();
  await queries.prefetchInfiniteQuery({ ...tokensOptions(query), queryFn: () => tokenRows(actor, query) });
  return (
    <HydrationBoundary state={dehydrate(queries)}>
      <TokenList {...list} query={query} actions={{ change, setActive: setTokenActive, rotate, endOverlap, revoke }} />
    </HydrationBoundary>
  );
}
