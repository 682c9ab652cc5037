"use client";

import { useQuery } from "@tanstack/react-query";
import { waitingOptions } from "@/components/access/access-query";

/** Beside the way to the requests: how many wait for this person. Nothing where none does, or where that is not known. */
export function WaitingRequests() {
  const { data: count = 0 } = useQuery(waitingOptions());
  if (count === 0) return null;
  return (
    <span className="ml-auto rounded-full bg-accent px-1.5 font-semibold text-on-accent text-xs tabular-nums">
      {count}
      <span className="sr-only"> waiting</span>
    </span>
  );
}
