"use client";

import { useLinkStatus } from "next/link";

/**
 * Stands inside a link: a line across the top of the screen while the page behind it is on its way, from the moment
 * that one would wonder. It takes no room, so nothing jumps.
 */
export function LinkPending() {
  const { pending } = useLinkStatus();
  if (!pending) return null;
  return (
    <span
      aria-hidden
      className="fixed inset-x-0 top-0 z-50 h-0.5 overflow-hidden opacity-0 [animation:appear_150ms_300ms_forwards]"
    >
      <span className="block h-full w-1/3 bg-accent [animation:pass_1.2s_ease-in-out_infinite]" />
    </span>
  );
}
