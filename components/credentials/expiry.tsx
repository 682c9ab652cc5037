"use client";

import { cn } from "@/components/ui/class-names";
import { Time, useNow } from "@/components/ui/time";

const SOON_MS = 14 * 86_400_000;

/** When it ends: in amber when that is near, in red when it has come. */
export function Expiry({ at, otherwise = "Never" }: { at: string | null; otherwise?: string }) {
  const left = (at ? Date.parse(at) : 0) - useNow(60_000);
  if (!at) return <span className="text-soft">{otherwise}</span>;
  return (
    <span
      className={cn(left <= 0 ? "font-medium text-bad" : left < SOON_MS && "font-medium text-warn")}
      suppressHydrationWarning
    >
      {left <= 0 && <span className="sr-only">Expired </span>}
      <Time at={at} form="until" />
    </span>
  );
}
