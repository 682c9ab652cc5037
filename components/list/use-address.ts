"use client";

import { useSearchParams } from "next/navigation";
import { useEffect, useMemo } from "react";
import type { Params } from "./address";
import { keepAddress } from "./kept-address";

/** The address is the state: it can be kept, sent and gone back to. Changing it asks the server nothing by itself. */
export function useAddress<Query extends object>(
  read: (params: Params) => Query,
  write: (query: Query) => URLSearchParams,
): [Query, (change: Partial<Query>) => void] {
  const params = useSearchParams();
  const query = useMemo(() => read(params), [params, read]);
  useEffect(() => {
    const search = params.toString();
    keepAddress(window.location.pathname, search && `?${search}`);
  }, [params]);
  const change = (changed: Partial<Query>) => {
    const next = write({ ...query, ...changed }).toString();
    window.history.replaceState(null, "", next ? `?${next}` : window.location.pathname);
  };
  return [query, change];
}
