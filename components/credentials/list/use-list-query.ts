"use client";

import { useSearchParams } from "next/navigation";
import { useMemo } from "react";
import { type ListQuery, listParams, readListQuery } from "./list-query";

/** The address is the state: it can be kept, sent and gone back to. Changing it asks the server nothing by itself. */
export function useListQuery(): [ListQuery, (change: Partial<ListQuery>) => void] {
  const params = useSearchParams();
  const query = useMemo(() => readListQuery(params), [params]);
  const change = (changed: Partial<ListQuery>) => {
    const next = listParams({ ...query, ...changed }).toString();
    window.history.replaceState(null, "", next ? `?${next}` : window.location.pathname);
  };
  return [query, change];
}
