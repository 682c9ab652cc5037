import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { fetchFeed } from "@/components/feed";
import { credentialsFeed, facetsFeed } from "@/components/feeds/credential";
import type { CredentialsWithUses } from "@/lib/plugin-instances";
import { keys } from "../query-keys";
import { type ListQuery, listParams } from "./list-query";

/** The list, for pages that prefetch it and components that read it. */
export const listOptions = (query: ListQuery) =>
  infiniteQueryOptions({
    queryKey: [...keys.lists, query],
    queryFn: ({ pageParam, signal }) => {
      const params = listParams(query);
      if (pageParam !== null) params.set("cursor", pageParam);
      return fetchFeed(credentialsFeed, "/credentials/feed", params, signal);
    },
    initialPageParam: null as string | null,
    getNextPageParam: (last: CredentialsWithUses) => last.next,
  });

export const facetsOptions = () =>
  queryOptions({
    queryKey: keys.facets,
    queryFn: ({ signal }) => fetchFeed(facetsFeed, "/credentials/feed/facets", undefined, signal),
  });
