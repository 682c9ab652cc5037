"use client";

import { useAddress } from "@/components/list/use-address";
import { type ListQuery, listParams, readListQuery } from "./list-query";

export const useListQuery = (): [ListQuery, (change: Partial<ListQuery>) => void] =>
  useAddress(readListQuery, listParams);
