"use client";

import { useQuery } from "@tanstack/react-query";
import { facetsOptions } from "./list-options";

/** How many there are in all, beside the title; nothing until that is known. */
export function Total() {
  const { data } = useQuery(facetsOptions());
  return data ? <span className="font-normal text-base text-soft tabular-nums">{data.total}</span> : null;
}
