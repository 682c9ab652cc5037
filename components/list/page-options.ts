import { infiniteQueryOptions } from "@tanstack/react-query";
import type { z } from "zod";
import { fetchFeed } from "@/components/feed";
import { pageFeed } from "@/components/feeds/page";
import type { Page } from "@/lib/platform/pagination";

/** A list that goes on from its last row, page by page. */
export const pageOptions = <T extends { id: string }>(
  item: z.ZodType<T>,
  key: readonly unknown[],
  path: string,
  params: URLSearchParams,
) =>
  infiniteQueryOptions({
    queryKey: key,
    queryFn: ({ pageParam, signal }) => {
      const asked = new URLSearchParams(params);
      if (pageParam !== null) asked.set("after", pageParam);
      return fetchFeed(pageFeed(item), path, asked, signal);
    },
    initialPageParam: null as string | null,
    getNextPageParam: (last: Page<T>) => (last.remaining > 0 ? (last.items.at(-1)?.id ?? null) : null),
  });
