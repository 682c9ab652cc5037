import { queryOptions } from "@tanstack/react-query";
import { fetchFeed } from "@/components/feed";
import { streamFeed } from "@/components/feeds/streams";

/** How far each has come is looked at again while somebody looks. */
const EVERY_MS = 5_000;

export const streamsOptions = () =>
  queryOptions({
    queryKey: ["audit-streams"],
    queryFn: ({ signal }) => fetchFeed(streamFeed, "/audit/streams/feed", undefined, signal),
    refetchInterval: EVERY_MS,
  });
