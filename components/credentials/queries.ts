import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import type { z } from "zod";
import { fetchFeed } from "@/components/feed";
import { auditFeed } from "@/components/feeds/audit";
import { credentialFeed } from "@/components/feeds/credential";
import { testsFeed, usageFeed } from "@/components/feeds/history";
import { pageFeed } from "@/components/feeds/page";
import { rotationFeed } from "@/components/feeds/rotation";
import { brokenUseItem, useItem } from "@/components/feeds/uses";
import type { AuditPage } from "@/lib/platform/audit/history";
import type { Page } from "@/lib/platform/pagination";
import type { RotationView } from "@/lib/vocabulary/credential-view";
import { keys } from "./query-keys";

/** What pages prefetch and components read: one definition for both. */
export const credentialOptions = (id: string) =>
  queryOptions({
    queryKey: keys.one(id),
    queryFn: ({ signal }) => fetchFeed(credentialFeed, `/credentials/${id}/feed`, undefined, signal),
  });

export const testsOptions = (id: string) =>
  queryOptions({
    queryKey: [...keys.one(id), "tests"],
    queryFn: ({ signal }) => fetchFeed(testsFeed, `/credentials/${id}/feed/tests`, undefined, signal),
  });

export const usageOptions = (id: string) =>
  queryOptions({
    queryKey: [...keys.one(id), "usage"],
    queryFn: ({ signal }) => fetchFeed(usageFeed, `/credentials/${id}/feed/usage`, undefined, signal),
  });

/** Registered uses in one answer. */
export const USES_SHOWN = 20;

const stretchesOf = <Use>(use: z.ZodType<Use>, queryKey: string[], path: string) =>
  infiniteQueryOptions({
    queryKey,
    queryFn: ({ pageParam, signal }) => {
      const params = pageParam === 0 ? undefined : new URLSearchParams({ offset: String(pageParam) });
      return fetchFeed(pageFeed(use), path, params, signal);
    },
    initialPageParam: 0,
    getNextPageParam: ({ remaining }: Page<Use>, pages: Page<Use>[]) =>
      remaining > 0 ? pages.reduce((sum, { items }) => sum + items.length, 0) : undefined,
  });

/** What uses a credential. */
export const usesOptions = (id: string) =>
  stretchesOf(useItem, [...keys.one(id), "uses"], `/credentials/${id}/feed/uses`);

/** What uses credentials that are gone. */
export const brokenUsesOptions = () => stretchesOf(brokenUseItem, keys.brokenUses, "/credentials/uses/feed");

export const rotationOptions = (id: string) =>
  queryOptions({
    queryKey: [...keys.one(id), "rotation"],
    queryFn: ({ signal }) => fetchFeed(rotationFeed.nullable(), `/credentials/${id}/feed/rotation`, undefined, signal),
    // Somebody else's, or what was cut off, is watched until it stands still.
    refetchInterval: ({ state }) => (isMoving(state.data) ? 3_000 : false),
  });

const isMoving = (rotation: RotationView | null | undefined) =>
  rotation?.state === "running" || rotation?.state === "unsettled";

export const historyOptions = (id: string) =>
  infiniteQueryOptions({
    queryKey: [...keys.one(id), "history"],
    queryFn: ({ pageParam, signal }) => {
      const params = pageParam === null ? undefined : new URLSearchParams({ before: pageParam });
      return fetchFeed(auditFeed, `/credentials/${id}/feed/history`, params, signal);
    },
    initialPageParam: null as string | null,
    getNextPageParam: (last: AuditPage) => last.next,
  });
